import { currentTenantId, Database, type Ownership, OwnershipPort, type Passage, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Lead } from './lead.entity.js';
import { IS_LIVE } from './lead.policy.js';

const THEIRS = `from leads l where l.tenant_id = $1 and l.owner_id = $2 and ${IS_LIVE}`;

/** Leads that somebody works on; what was converted, dropped or merged stays theirs, as they left it. */
@Injectable()
@Provides(OwnershipPort)
export class LeadsOwnership implements Ownership {
  readonly kind = 'leads';
  readonly columns = ['leads.owner_id'];

  constructor(private readonly db: Database) {}

  async count(from: string): Promise<number> {
    const row = await this.db.one<{ count: number }>(`select count(*)::int as count ${THEIRS}`, [
      currentTenantId(),
      from,
    ]);
    return row?.count ?? 0;
  }

  async pass({ from, to }: Passage): Promise<number> {
    const theirs = await this.db.query<{ id: string }>(`select l.id ${THEIRS} order by l.id for update`, [
      currentTenantId(),
      from,
    ]);
    for (const { id } of theirs) await this.db.change(Lead, id, undefined, (lead) => lead.assignTo(to));
    return theirs.length;
  }
}
