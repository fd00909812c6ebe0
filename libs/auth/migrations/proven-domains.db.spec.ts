import { Migrator, platformMigrations } from '@app/platform';
import { createTestDatabase } from '@app/platform/testing';
import pg from 'pg';
import { expect, it } from 'vitest';
import { ProvenDomains1764001810000 } from './1764001810000-proven-domains.js';
import { authMigrations } from './index.js';

const TENANTS = ['01920000-0000-7000-8000-00000000000a', '01920000-0000-7000-8000-00000000000b'];

it.each([
  [1, true],
  [2, false],
])('A domain that was claimed before counts as proven where there are %i tenants: %s', async (howMany, isProven) => {
  const before = authMigrations.filter((one) => one !== ProvenDomains1764001810000);
  const database = await createTestDatabase([...platformMigrations, ...before]);
  const superuser = new pg.Client(database.superuserUrl);
  await superuser.connect();
  try {
    await superuser.query(`select set_config('app.actor_id', $1, false)`, [TENANTS[0]]);
    for (const id of TENANTS.slice(0, howMany)) {
      await superuser.query('insert into tenants (tenant_id, id, slug, title) values ($1, $1, $2, $2)', [id, id]);
      await superuser.query(
        `insert into sso_providers (tenant_id, id, name, issuer, client_id, scopes, is_enabled, is_required, provisions)
         values ($1, $1, 'x', 'https://x.example', 'x', 'openid', true, true, true)`,
        [id],
      );
      await superuser.query('insert into sso_domains (tenant_id, provider_id, domain) values ($1, $1, $2)', [id, id]);
    }
    await new Migrator(database.ownerUrl, [...platformMigrations, ...authMigrations]).migrate();
    const { rows } = await superuser.query<{ is: boolean; challenge: string }>(
      'select verified_at is not null as is, challenge from sso_domains',
    );
    expect(rows.map((row) => row.is)).toEqual(Array(howMany).fill(isProven));
    expect(new Set(rows.map(({ challenge }) => challenge)).size).toBe(howMany);
  } finally {
    await superuser.end();
  }
});
