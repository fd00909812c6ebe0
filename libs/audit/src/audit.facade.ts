import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What other contexts ask of the audit trail. Changes of rows are in it already: the tables' triggers see to that. */
@Injectable()
export class AuditFacade {
  constructor(private readonly db: Database) {}

  /**
   * Records what changes no row (an export, a denial, the reading of a sensitive record) as the current actor, in the
   * open transaction or in its own. `action` is a past participle: `exported`.
   */
  async record(
    entity: string,
    entityId: string,
    action: string,
    told: { before?: object; after?: object } = {},
  ): Promise<void> {
    const { before = null, after = null } = told;
    await this.db.transaction(() =>
      this.db.query('select audit_record($1, $2, $3, $4::jsonb, $5::jsonb)', [
        entity,
        entityId,
        action,
        before && JSON.stringify(before),
        after && JSON.stringify(after),
      ]),
    );
  }

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
