import {
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ServiceTokenView } from './service-tokens.dto.js';

const COLUMNS: Readonly<Record<keyof ServiceTokenView, string>> = {
  id: 'k.id',
  name: 'k.name',
  prefix: 'k.prefix',
  grants: 'k.grants',
  allowedFrom: 'k.allowed_from',
  createdBy: 'k.created_by',
  expiresAt: 'k.expires_at',
  revokedAt: 'k.revoked_at',
  lastUsedAt: '(select s.last_used_at from service_token_uses s where s.tenant_id = k.tenant_id and s.token_id = k.id)',
  version: 'k.version',
  createdAt: 'k.created_at',
};
const SELECT = Object.entries(COLUMNS)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(', ');

export const ServiceTokenList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'k.id' },
    name: { type: 'text', column: 'k.name', sortable: true },
    createdAt: { type: 'instant', column: 'k.created_at', sortable: true },
    expiresAt: { type: 'instant', column: 'k.expires_at', nullable: true, sortable: true },
    revokedAt: { type: 'instant', column: 'k.revoked_at', nullable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class ServiceTokensQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<ServiceTokenView>> {
    const where = 'k.tenant_id = app_tenant()';
    return readPage<ServiceTokenView>(this.db, {
      select: COLUMNS,
      from: 'service_tokens k',
      where,
      query,
      spec: ServiceTokenList,
    });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<ServiceTokenView> {
    const row = await this.db.one<ServiceTokenView>(`select ${SELECT} from service_tokens k where k.id = $1`, [id]);
    if (!row) throw new RecordNotFound('service token', id);
    return row;
  }
}
