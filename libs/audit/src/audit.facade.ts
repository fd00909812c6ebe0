import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What other contexts ask of the audit trail. What they add to it goes by `Database.audit`, changes of rows by the tables' triggers. */
@Injectable()
export class AuditFacade {
  constructor(private readonly db: Database) {}

  /**
   * Empties what the trail has kept of a record (its `before` and `after`), and leaves a row `erased` that says so. The
   * chain still verifies. @returns how many rows were emptied
   */
  async erase(entity: string, entityId: string): Promise<number> {
    const [done] = await this.db.transaction(() =>
      this.db.query<{ emptied: number }>('select audit_erase($1, $2) as emptied', [entity, entityId]),
    );
    return done?.emptied ?? 0;
  }
}
