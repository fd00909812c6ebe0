import { newId } from '@app/kernel';
import { currentTenantId, Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { normaliseAddress } from '../messages/mail-address.js';
import type { Purpose } from '../messages/outgoing-mail.js';
import { Suppression } from './suppression.entity.js';
import { AlreadySuppressed } from './suppression.errors.js';
import { reasonsAgainst, type SuppressionReason } from './suppression.policy.js';

/** RFC 3834, 2: who answers by machine limits how often one sender gets that. */
export const MOST_AUTO_REPLIES_A_DAY = 5;
const DAY_MS = 86_400_000;

export type Suppress = { readonly address: string; readonly reason: SuppressionReason; readonly note?: string };
type Withheld = {
  readonly id: string;
  readonly pending: readonly string[];
  readonly purpose: Purpose;
  readonly autoReplyTo: string | null;
};

@Injectable()
export class SuppressionsService {
  constructor(private readonly db: Database) {}

  /** @throws AlreadySuppressed */
  add({ address, reason, note }: Suppress): Promise<Suppression> {
    const known = onConstraint('suppressions_are_unique', () => new AlreadySuppressed(reason));
    return this.db.create(Suppression.of(newId(), address, reason, note)).catch(known);
  }

  /** For machines, which learn the same thing twice: an address that is listed already stays as it is. */
  async suppress({ address, reason, note }: Suppress): Promise<void> {
    await this.db.transaction(() =>
      this.db.query(
        `insert into suppressions (tenant_id, id, address, reason, note) values ($1, $2, $3, $4, $5)
         on conflict on constraint suppressions_are_unique do nothing`,
        [currentTenantId(), newId(), normaliseAddress(address), reason, note ?? null],
      ),
    );
  }

  async lift(id: string, version?: number): Promise<void> {
    await this.db.transaction(async () => this.db.remove(await this.db.lock(Suppression, id, version)));
  }

  /** Whom of a message's recipients it is kept from, of those who have not got it yet. */
  async against(message: Withheld, now: Date): Promise<string[]> {
    const { pending, purpose, autoReplyTo } = message;
    if (autoReplyTo !== null && (await this.hasEnough(message.id, autoReplyTo, now))) return [...pending];
    return this.among(pending, purpose);
  }

  /** Which of these normalised addresses may get no mail of this purpose. */
  private async among(addresses: readonly string[], purpose: Purpose): Promise<string[]> {
    const rows = await this.db.query<{ address: string }>(
      'select distinct address from suppressions where tenant_id = $1 and address = any($2) and reason = any($3)',
      [currentTenantId(), addresses, reasonsAgainst(purpose)],
    );
    return rows.map(({ address }) => address);
  }

  /** The lock makes automatic replies to one address wait for each other: together they would all be the last. */
  private async hasEnough(id: string, address: string, now: Date): Promise<boolean> {
    const tenantId = currentTenantId();
    await this.db.query("select pg_advisory_xact_lock(hashtextextended('auto reply ' || $1::text || $2::text, 0))", [
      tenantId,
      address,
    ]);
    const sent = await this.db.query(
      `select 1 from messages where tenant_id = $1 and auto_reply_to = $2 and created_at > $3 and id <> $4
       and state in ('sending', 'sent', 'unknown') limit ${MOST_AUTO_REPLIES_A_DAY}`,
      [tenantId, address, new Date(now.getTime() - DAY_MS), id],
    );
    return sent.length >= MOST_AUTO_REPLIES_A_DAY;
  }
}
