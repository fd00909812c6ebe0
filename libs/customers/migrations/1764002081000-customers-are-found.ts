import { dropSearchable, keepSearchable } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Customers and companies are found by the search over everything: what was merged or thrown away is not. */
export class CustomersAreFound1764002081000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await keepSearchable(q, {
      kind: 'customers',
      columns: ['first_name', 'last_name', 'company', 'contact_points', 'deleted_at'],
      isPresent: 'r.deleted_at is null',
      title: `btrim(r.first_name || ' ' || r.last_name)`,
      subtitle: 'r.company',
      body: `(select string_agg(p->>'normalized', ' ' order by n) from jsonb_array_elements(r.contact_points) with ordinality e(p, n))`,
      keys: `array(select k from jsonb_array_elements(r.contact_points) p,
        unnest(case p->>'kind' when 'phone' then search_phone_keys(p->>'normalized') else array[p->>'normalized'] end) k)`,
    });
    await keepSearchable(q, {
      kind: 'companies',
      columns: ['name', 'domain', 'deleted_at'],
      isPresent: 'r.deleted_at is null',
      title: 'r.name',
      subtitle: 'r.domain',
      keys: 'array[r.domain]',
    });
  }

  async down(q: QueryRunner): Promise<void> {
    for (const kind of ['companies', 'customers']) await dropSearchable(q, kind);
  }
}
