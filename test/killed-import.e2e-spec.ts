import { type SignedIn, signIn } from '@app/auth/testing';
import { bootSlice, formOf, type Slice } from '@app/platform/testing';
import { transfersContexts } from '@app/transfers/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoneWorker } from './support/lone-worker.js';

const ROWS = 1_100;
const GRANTS = ['imports:run', 'customers:create'];

describe('An import whose worker is killed', () => {
  let slice: Slice;
  let clerk: SignedIn;
  let workers: LoneWorker[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: transfersContexts });
    clerk = await signIn(slice, { grants: GRANTS });
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await slice?.close();
  });

  const start = (env: NodeJS.ProcessEnv = {}): LoneWorker => {
    const { DATABASE_URL, REDIS_URL, STORAGE_DIR } = slice.config;
    const about = { DATABASE_URL, REDIS_URL, STORAGE_DIR, CONTEXTS: 'customers,transfers', LOG_LEVEL: 'error' };
    const worker = LoneWorker.start({ ...about, ...env });
    workers = [...workers, worker];
    return worker;
  };
  const ask = (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, headers: Record<string, string> = {}) =>
    slice.http(method, `/api/v1/${path}`, { token: clerk.token, body, headers });
  const counted = async () =>
    (
      await slice.superuser.query(
        `select (select done from jobs) as done, (select count(*)::int from customers) as customers,
          (select count(distinct email)::int from customers) as mails, (select count(*)::int from import_rows) as rows,
          (select count(*)::int from outbox where type = 'customers.created') as events,
          (select count(*)::int from audit_log where entity = 'customers' and action = 'created') as audited`,
      )
    ).rows[0];

  it('goes on where the last portion was committed, and doubles nothing', async () => {
    const lines = Array.from({ length: ROWS }, (_, n) => `P${n},p${n}@killed.example`);
    const file = new File([['First,E-mail', ...lines].join('\n')], 'people.csv');
    const { body, headers } = await formOf({ entity: 'customers', file });
    const { id } = (await ask('POST', 'imports', body, headers)).body;
    const columns = [
      { column: 'First', field: 'firstName' },
      { column: 'E-mail', field: 'email' },
    ];
    expect((await ask('PUT', `imports/${id}/mapping`, { columns, mode: 'create' })).status).toBe(200);
    expect((await ask('POST', `imports/${id}/run`)).status).toBe(202);
    expect(await start({ FAILPOINT: 'imports.portion:2' }).killed()).toBe('SIGKILL');
    expect(await counted()).toEqual({ done: 500, customers: 500, mails: 500, rows: 500, events: 500, audited: 500 });

    // the time of what the dead worker carried
    await slice.superuser.query(
      `update deliveries set due_at = clock_timestamp() where state in ('pending', 'running')`,
    );
    start();
    await expect
      .poll(async () => (await ask('GET', `imports/${id}`)).body.state as string, { timeout: 40_000, interval: 100 })
      .toBe('done');
    const all = { customers: ROWS, mails: ROWS, rows: ROWS, events: ROWS, audited: ROWS };
    expect(await counted()).toEqual({ done: ROWS, ...all });
  });
});
