import { dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who brought whom. However many say so at once, nobody is found among those whom they brought themselves. */
export class Referrals1764002061000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table customers add column referred_by uuid,
      add constraint customers_referrer_exists foreign key (tenant_id, referred_by) references customers (tenant_id, id)
        on delete set null (referred_by)`);
    await q.query(
      'create index customers_by_referrer on customers (tenant_id, referred_by, created_at desc, id desc) where referred_by is not null',
    );
    await q.query(REFUSE_CYCLE);
    await q.query(`create trigger referral_has_no_cycle before insert or update of referred_by on customers for each row
      when (new.referred_by is not null) execute function customers_refuse_referral_cycle()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'customers_refuse_referral_cycle()');
    await q.query('alter table customers drop column referred_by');
  }
}

// One referral of a tenant after the other: each sees those before it, since its statement begins when it has the lock.
const REFUSE_CYCLE = `create function customers_refuse_referral_cycle() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('referrals of ' || new.tenant_id, 0));
  if exists (
    with recursive chain (id) as (
      select new.referred_by
      union select c.referred_by from customers c join chain on c.id = chain.id
        where c.tenant_id = new.tenant_id and c.referred_by is not null)
    select 1 from chain where id = new.id)
  then
    raise exception 'A cycle of referrals' using errcode = '23514', table = 'customers', constraint = 'customers_referral_has_no_cycle';
  end if;
  return new;
end $$`;
