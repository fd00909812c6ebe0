import {
  currentActor,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerReach } from '../customer.reach.js';
import { Consent, CONSENT_CHANNELS, type ConsentStatement } from './consent.entity.js';
import type { ConsentView } from './consents.dto.js';

const COLUMNS: Readonly<Record<keyof ConsentView, string>> = {
  id: 's.id',
  channel: 's.channel',
  purpose: 's.purpose',
  granted: 's.granted',
  source: 's.source',
  proof: 's.proof',
  ip: 'host(s.ip)',
  recordedBy: 's.recorded_by',
  createdAt: 's.created_at',
};

export const ConsentList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 's.id' },
    channel: { type: 'enum', column: 's.channel', values: CONSENT_CHANNELS, example: 'email' },
    purpose: { type: 'text', column: 's.purpose', example: 'newsletter' },
    granted: { type: 'boolean', column: 's.granted' },
    createdAt: { type: 'instant', column: 's.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

/** What customers agreed to: recorded, never changed. */
@Injectable()
export class ConsentsService {
  constructor(
    private readonly db: Database,
    private readonly reach: CustomerReach,
  ) {}

  /** @throws RecordNotFound */
  async list(customerId: string, query: ListQuery): Promise<Page<ConsentView>> {
    await this.reach.assertReadable(currentActor(), customerId);
    const params = [customerId];
    return readPage<ConsentView>(this.db, {
      select: COLUMNS,
      from: 'customer_consents s',
      where: 's.customer_id = $1',
      params,
      query,
      spec: ConsentList,
    });
  }

  /** @throws RecordNotFound */
  async record(customerId: string, statement: ConsentStatement): Promise<Consent> {
    const actor = currentActor();
    await this.reach.assertPresent(actor, CustomerPermissions.update, customerId);
    return this.db.create(Consent.record(customerId, statement, actor.id));
  }
}
