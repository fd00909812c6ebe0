import { newId } from '@app/kernel';
import { currentTenantId, Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { normaliseAddress } from '../messages/mail-address.js';
import type { Purpose } from '../messages/outgoing-mail.js';
import { Suppression } from './suppression.entity.js';
import { AlreadySuppressed } from './suppression.errors.js';
import { reasonsAgainst, type SuppressionReason } from './suppression.policy.js';

export type Suppress = { readonly address: string; readonly reason: SuppressionReason; readonly note?: string };

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

  /** Which of these normalised addresses may get no mail of this purpose. */
  async among(addresses: readonly string[], purpose: Purpose): Promise<string[]> {
    const rows = await this.db.query<{ address: string }>(
      'select distinct address from suppressions where tenant_id = $1 and address = any($2) and reason = any($3)',
      [currentTenantId(), addresses, reasonsAgainst(purpose)],
    );
    return rows.map(({ address }) => address);
  }
}
