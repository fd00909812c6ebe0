import { authContexts } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { parseListQuery, type Queryable } from '@app/platform';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditList, AuditQueries } from './audit.queries.js';
import { auditContext } from './index.js';

describe('A list of the trail', () => {
  let slice: Slice;
  const tenants = [newId(), newId(), newId()];
  const actors = Array.from({ length: 50 }, () => newId());
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, auditContext] });
    await slice.superuser.query(
      `insert into audit_log (tenant_id, at, actor_id, actor_name, request_id, entity, entity_id, action)
       select ($1::uuid[])[1 + n % 3], now() - make_interval(secs => 60000 - n), ($2::uuid[])[1 + n % 50], 'x', (n / 5)::text,
         (array['customers', 'inquiries', 'responses'])[1 + n % 3], (n % 4000)::text,
         case when n % 50 = 0 then 'exported' else 'updated' end
       from generate_series(1, 60000) n`,
      [tenants, actors],
    );
    await slice.superuser.query('vacuum analyze audit_log');
  }, 120_000);
  afterAll(() => slice?.close());

  /** The rows are read under the tenant's policy, as the application does: what is explained is what is run. */
  async function indexesOf(query: Record<string, string>): Promise<string[]> {
    const explained: string[] = [];
    const db: Queryable = {
      query: async <T>(sql: string, values: unknown[] = []): Promise<T[]> => {
        const rows = await slice.db.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, values);
        explained.push(...rows.map((row) => row['QUERY PLAN']));
        return [] as T[];
      },
    };
    const queries = new AuditQueries(db as never, { all: () => [] } as never);
    await slice.as(anActor([], { tenantId: tenants[0] }), () =>
      queries.list(parseListQuery({ cursor: '', ...query }, AuditList)),
    );
    expect(explained.join('\n')).not.toContain('Seq Scan');
    expect(explained.join('\n')).not.toContain('Sort');
    return explained.flatMap((line) => / using (\w+)/.exec(line)?.[1] ?? []);
  }

  it.each([
    [{}, 'audit_log_pkey'],
    [{ entity: 'customers', entityId: '7' }, 'audit_log_of_entity'],
    [{ actorId: actors[0] as string }, 'audit_log_of_actor'],
    [{ requestId: '77' }, 'audit_log_of_request'],
    [{ action: 'exported' }, 'audit_log_of_rare_action'],
    [{ 'at[gte]': '2020-01-01', sort: '-at' }, 'audit_log_by_time'],
  ])('asked for %o reads %s in order', async (query, index) => {
    expect(await indexesOf(query as Record<string, string>)).toEqual([index]);
  });
});
