import { rewriteFunctions } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A domain is a provider's once its owner has said so in the domain's own DNS. Until then it is a claim, which keeps nobody
 * else from claiming it. What was claimed before is one too, save where there is a single tenant, whose people it would lock out
 * for the sake of nobody.
 */
export class ProvenDomains1764001810000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table sso_domains add column verified_at timestamptz(3),
      add column challenge text not null default replace(gen_random_uuid()::text, '-', '')`);
    await q.query(AS_MIGRATION);
    await q.query('update sso_domains set verified_at = now() where (select count(*) from tenants) = 1');
    await q.query('drop trigger domain_is_free on sso_domains');
    await q.query(`create trigger domain_is_free before insert or update of domain, verified_at on sso_domains
      for each row when (new.verified_at is not null) execute function sso_domain_is_free()`);
    for (const [name, condition, proven] of CONDITIONS) await rewriteFunctions(q, [name], condition, proven);
  }

  /** Of several tenants that claim a domain, whoever has proven it keeps it, else the first. */
  async down(q: QueryRunner): Promise<void> {
    await q.query(AS_MIGRATION);
    await q.query(`delete from sso_domains d using sso_domains o where o.domain = d.domain and o.tenant_id <> d.tenant_id
      and d.verified_at is null and (o.verified_at is not null or o.tenant_id < d.tenant_id)`);
    for (const [name, condition, proven] of CONDITIONS) await rewriteFunctions(q, [name], proven, condition);
    await q.query('drop trigger domain_is_free on sso_domains');
    await q.query(
      'create trigger domain_is_free before insert or update of domain on sso_domains for each row execute function sso_domain_is_free()',
    );
    await q.query('alter table sso_domains drop column challenge, drop column verified_at');
  }
}

const AS_MIGRATION = `select set_config('app.actor_id', '00000000-0000-0000-0000-000000000000', true),
  set_config('app.actor_name', 'auth.migration', true)`;

const CONDITIONS = [
  ['sso_providers_of', 'd.domain = in_domain', 'd.domain = in_domain and d.verified_at is not null'],
  ['sso_domain_is_free', 'd.tenant_id <> new.tenant_id', 'd.tenant_id <> new.tenant_id and d.verified_at is not null'],
] as const;
