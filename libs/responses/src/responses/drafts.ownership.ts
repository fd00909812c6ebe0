import { currentTenantId, Database, type Ownership, OwnershipPort, type Passage, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';

const THEIRS = `from responses r where r.tenant_id = $1 and r.responded_by = $2 and r.status in ('draft', 'rejected')`;

/** Texts that wait for their author; what was submitted goes its way without them. */
@Injectable()
@Provides(OwnershipPort)
export class DraftsOwnership implements Ownership {
  readonly kind = 'drafts';
  readonly columns = ['responses.responded_by'];

  constructor(private readonly db: Database) {}

  async count(from: string): Promise<number> {
    const row = await this.db.one<{ count: number }>(`select count(*)::int as count ${THEIRS}`, [
      currentTenantId(),
      from,
    ]);
    return row?.count ?? 0;
  }

  /** Whoever wrote it until now stays one of its editors, so that neither of the two approves it. */
  async pass({ from, to }: Passage): Promise<number> {
    const passed = await this.db.query(
      `update responses set responded_by = $3, version = version + 1, updated_at = clock_timestamp()
       where tenant_id = $1 and responded_by = $2 and status in ('draft', 'rejected') returning 1`,
      [currentTenantId(), from, to],
    );
    return passed.length;
  }
}
