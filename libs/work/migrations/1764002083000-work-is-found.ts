import { dropSearchable, keepSearchable } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Projects and tasks are found by the search over everything. */
export class WorkIsFound1764002083000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await keepSearchable(q, {
      kind: 'projects',
      columns: ['name', 'description'],
      isPresent: 'true',
      title: 'r.name',
      body: 'r.description',
    });
    await keepSearchable(q, {
      kind: 'tasks',
      columns: ['title', 'description', 'deleted_at'],
      isPresent: 'r.deleted_at is null',
      title: 'r.title',
      body: 'r.description',
    });
  }

  async down(q: QueryRunner): Promise<void> {
    for (const kind of ['tasks', 'projects']) await dropSearchable(q, kind);
  }
}
