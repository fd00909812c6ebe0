import { dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A new inquiry gets its number in the statement that writes it. Whoever has a number keeps all others of the tenant waiting
 * until the commit: a question of its own kept them waiting for its answer's way as well.
 */
export class InquiriesAreNumbered1764002250000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(NUMBER);
    await q.query(`create trigger number before insert on inquiries for each row when (new.number is null)
      execute function inquiries_number()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'inquiries_number()');
  }
}

// Numbers rise by one per tenant; a transaction that fails gives its number back, since the counter's row is part of it.
const NUMBER = `create function inquiries_number() returns trigger language plpgsql as $$
begin
  insert into inquiry_counters as c (tenant_id, last_number) values (new.tenant_id, 1)
    on conflict (tenant_id) do update set last_number = c.last_number + 1 returning c.last_number into new.number;
  return new;
end $$`;
