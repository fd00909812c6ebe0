import { MailBounced } from '@app/mail/events';
import type { PayloadOf } from '@app/kernel';
import { currentTenantId, Database, On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { normaliseAddress } from '../messages/mail-address.js';
import { SuppressionsService } from './suppressions.service.js';

/** What other servers report of our mail. Anybody can write such a report, so it counts only for what we really sent. */
@Injectable()
export class BouncesWorker {
  constructor(
    private readonly db: Database,
    private readonly suppressions: SuppressionsService,
  ) {}

  @On(MailBounced)
  async suppressDeadAddress({
    originalMessageId,
    recipient,
    permanent,
    diagnostic,
  }: PayloadOf<typeof MailBounced>): Promise<void> {
    if (!permanent || !originalMessageId) return;
    const address = normaliseAddress(recipient);
    const ours = await this.db.one(
      `select 1 from messages m where m.tenant_id = $1 and m.message_id = $2
       and exists (select 1 from jsonb_array_elements((m.recipients -> 'to') || coalesce(m.recipients -> 'cc', '[]')) r where lower(r ->> 'address') = $3)`,
      [currentTenantId(), originalMessageId, address],
    );
    if (ours) await this.suppressions.suppress({ address, reason: 'hard_bounce', note: diagnostic.slice(0, 200) });
  }
}
