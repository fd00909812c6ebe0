import { currentTenantId, Database, type Ownership, OwnershipPort, type Passage, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SavedView } from './saved-view.entity.js';

const SHARED = `tenant_id = $1 and owner_id = $2 and audience <> 'private'`;

/** Views that others use as well; what somebody kept for themselves is nobody else's. */
@Injectable()
@Provides(OwnershipPort)
export class ViewsOwnership implements Ownership {
  readonly kind = 'views';
  readonly columns = ['saved_views.owner_id'];

  constructor(private readonly db: Database) {}

  async count(from: string): Promise<number> {
    const row = await this.db.one<{ count: number }>(`select count(*)::int as count from saved_views where ${SHARED}`, [
      currentTenantId(),
      from,
    ]);
    return row?.count ?? 0;
  }

  async pass({ from, to }: Passage): Promise<number> {
    const shared = await this.db.findWhere(SavedView, `${SHARED} order by id for update`, [currentTenantId(), from]);
    for (const view of shared) {
      view.passTo(to);
      await this.db.save(view);
    }
    return shared.length;
  }
}
