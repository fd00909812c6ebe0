import { dropSearchable, keepSearchable } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deals are found by the search over everything. */
export class DealsAreFound1764002082000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await keepSearchable(q, {
      kind: 'deals',
      columns: ['name', 'deleted_at'],
      isPresent: 'r.deleted_at is null',
      title: 'r.name',
    });
  }

  async down(q: QueryRunner): Promise<void> {
    await dropSearchable(q, 'deals');
  }
}
