import { currentTenantId, Database, type Ownership, OwnershipPort, type Passage, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Deal } from './deal.entity.js';

const THEIRS = `from deals d where d.tenant_id = $1 and d.owner_id = $2 and d.deleted_at is null and d.status = 'open'`;

/** Deals that somebody works on; what was won or lost stays theirs, as they left it. */
@Injectable()
@Provides(OwnershipPort)
export class DealsOwnership implements Ownership {
  readonly kind = 'deals';
  readonly columns = ['deals.owner_id'];

  constructor(private readonly db: Database) {}

  async count(from: string): Promise<number> {
    const row = await this.db.one<{ count: number }>(`select count(*)::int as count ${THEIRS}`, [
      currentTenantId(),
      from,
    ]);
    return row?.count ?? 0;
  }

  async pass({ from, to }: Passage): Promise<number> {
    const theirs = await this.db.query<{ id: string }>(`select d.id ${THEIRS} order by d.id for update`, [
      currentTenantId(),
      from,
    ]);
    for (const { id } of theirs) await this.db.change(Deal, id, undefined, (deal) => deal.assignTo(to));
    return theirs.length;
  }
}
