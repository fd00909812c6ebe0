import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { Database, runAsSystem } from '@app/platform';
import { bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LeadSettingsService } from '../settings/lead-settings.service.js';
import { leadsContexts } from '../testing.js';
import { CleanupWorker } from './cleanup.worker.js';

const GRANTS = [
  ...['leads:read_all', 'leads:create', 'leads:update_all', 'leads:assign_all', 'leads:convert_all', 'leads:merge'],
  ...['leads:manage', 'notes:write', 'notes:read', 'customers:create'],
];
type Pair = { survivorId: string; loserId: string; reasons: string[] };

describe('The cleanup of leads', () => {
  let slice: Slice;
  let worker: Slice;
  let mira: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: leadsContexts });
    const beside = { database: slice.database, config: slice.config };
    worker = await bootSlice({ contexts: leadsContexts, app: 'worker', beside });
    mira = await signIn(slice, { grants: GRANTS });
    await slice.superuser.query(`set session app.actor_id = '${mira.userId}'`);
  });
  beforeEach(() => slice.empty('leads', 'lead_cleanups', 'lead_merges', 'lead_settings', 'notes'));
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) =>
    slice.http(method, `/api/v1/${path}`, { token: mira.token, body });
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await call('POST', path, body);
    expect(answer.body).toMatchObject({ id: expect.any(String) });
    return answer.body.id;
  };
  const aLead = (over: object = {}) => made('leads', { name: 'Noor Haddad', ...over });
  const read = async (id: string) => (await call('GET', `leads/${id}`)).body;
  const cleanUp = (query = '') => call('POST', `leads/cleanup${query}`);
  const everything = async (): Promise<unknown[]> => {
    const tables = ['leads', 'lead_merges', 'lead_cleanups', 'notes', 'outbox', 'audit_log'];
    const counted = tables.map(
      (table) =>
        `select '${table}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as rows from ${table} t`,
    );
    return (await slice.superuser.query(counted.join(' union all '))).rows;
  };

  it('keeps the oldest, says of each pair why, and moves what hangs on the others', async () => {
    const mailHash = 'a'.repeat(64);
    const oldest = await aLead({ email: 'noor@haddad.example', phone: '+4930901820', mailHash });
    const [byEmail, byPhone] = [await aLead({ email: 'Noor@Haddad.example' }), await aLead({ phone: '+4930901820' })];
    const byMail = await aLead({ mailHash, company: 'Haddad' });
    await aLead({ email: 'somebody@else.example' });
    await made('notes', { recordKind: 'leads', recordId: byMail, body: 'Moves' });
    const { status, body } = await cleanUp();
    expect(status).toBe(200);
    expect(body).toMatchObject({ dryRun: false, keep: 'oldest', merged: 3, hasMore: false });
    const reasons = Object.fromEntries(body.pairs.map((pair: Pair) => [pair.loserId, pair.reasons]));
    expect(reasons).toEqual({ [byEmail]: ['same_email'], [byPhone]: ['same_phone'], [byMail]: ['same_mail'] });
    expect(body.pairs.every(({ survivorId }: Pair) => survivorId === oldest)).toBe(true);
    expect(await read(byMail)).toMatchObject({ status: 'duplicate', duplicateOf: oldest });
    expect(await read(oldest)).toMatchObject({ status: 'new', company: 'Haddad' });
    expect((await call('GET', `notes?recordId=${oldest}`)).body.data).toHaveLength(1);
    expect((await call('GET', `leads/merges?cleanupId=${body.cleanupId}`)).body.data).toHaveLength(3);
    expect((await call('GET', 'leads/cleanups')).body.data).toMatchObject([
      { id: body.cleanupId, merged: 3, undone: null },
    ]);
  });

  it('keeps the richest where that is asked for or set', async () => {
    const email = 'noor@haddad.example';
    const [, rich] = [await aLead({ email }), await aLead({ email, company: 'Haddad', subject: 'Freight' })];
    expect((await cleanUp('?dryRun=true&keep=richest')).body.pairs).toMatchObject([{ survivorId: rich }]);
    await call('PATCH', 'lead-settings', { keep: 'richest' });
    expect((await cleanUp()).body).toMatchObject({ keep: 'richest', pairs: [{ survivorId: rich }] });
  });

  it('does in a dry run the same and leaves nothing of it', async () => {
    const email = 'noor@haddad.example';
    for (let n = 0; n < 3; n++) await aLead({ email });
    await worker.settled(); // or the outbox changes by being delivered
    const before = await everything();
    const dry = (await cleanUp('?dryRun=true')).body;
    expect(dry).toMatchObject({ dryRun: true, cleanupId: null, merged: 2 });
    expect(await everything()).toEqual(before);
    const { body } = await cleanUp();
    expect(body.pairs).toEqual(dry.pairs);
    expect(await everything()).not.toEqual(before);
  });

  it('never touches what was converted, dropped, merged or thrown away', async () => {
    const email = 'noor@haddad.example';
    const converted = await aLead({ email, ownerId: mira.userId });
    for (const verb of ['contact', 'qualify']) await call('POST', `leads/${converted}/${verb}`);
    expect((await call('POST', `leads/${converted}/convert`, {})).status).toBe(200);
    const dropped = await aLead({ email });
    await call('POST', `leads/${dropped}/disqualify`, { reason: 'No' });
    const live = await aLead({ email });
    const before = [await read(converted), await read(dropped), await read(live)];
    expect((await cleanUp()).body).toMatchObject({ merged: 0, pairs: [], cleanupId: null });
    expect([await read(converted), await read(dropped), await read(live)]).toEqual(before);
  });

  it('does nothing twice when two run at once', async () => {
    for (let n = 0; n < 12; n++) await aLead({ email: `noor-${n % 4}@haddad.example` });
    const answers = await Promise.all([cleanUp(), cleanUp(), cleanUp('?dryRun=true'), cleanUp()]);
    const merged = answers.filter(({ body }) => !body.dryRun).map(({ body }) => body.merged as number);
    expect(merged.sort()).toEqual([0, 0, 8]);
    const { rows } = await slice.superuser.query("select 1 from leads where status = 'duplicate'");
    expect(rows).toHaveLength(8);
  });

  it('merges no lead that is converted in that moment', async () => {
    for (let round = 0; round < 3; round++) {
      const email = `noor-${newId()}@haddad.example`;
      const [first, second] = [await aLead({ email }), await aLead({ email, ownerId: mira.userId })];
      for (const verb of ['contact', 'qualify']) await call('POST', `leads/${second}/${verb}`);
      const [cleaned, converted] = await Promise.all([cleanUp(), call('POST', `leads/${second}/convert`, {})]);
      expect([cleaned.body.merged, converted.status]).toEqual(converted.status === 200 ? [0, 200] : [1, 409]);
      expect((await read(second)).status).toBe(converted.status === 200 ? 'converted' : 'duplicate');
      expect((await read(first)).status).toBe(converted.status === 200 ? 'new' : 'qualified');
    }
  });

  it('is taken back with all it did, but for what went on since', async () => {
    const [a, b] = [await aLead({ email: 'a@x.example' }), await aLead({ email: 'a@x.example', phone: '+4930901820' })];
    const [c, d] = [await aLead({ email: 'c@x.example' }), await aLead({ email: 'c@x.example' })];
    const before = await read(a);
    const { cleanupId } = (await cleanUp()).body;
    expect((await read(a)).phone).toBe('+4930901820');
    await call('POST', `leads/${c}/merge`, { into: a });
    const undone = await call('POST', `leads/cleanups/${cleanupId}/undo`);
    expect(undone).toMatchObject({
      status: 200,
      body: { undone: 1, undoneBy: mira.userId, left: [{ code: 'lead_not_live' }] },
    });
    expect(await read(a)).toEqual({ ...before, version: expect.any(Number), updatedAt: expect.any(String) });
    expect((await read(b)).status).toBe('new');
    expect((await read(d)).status).toBe('duplicate');
    expect(await call('POST', `leads/cleanups/${cleanupId}/undo`)).toMatchObject({
      status: 409,
      body: { code: 'cleanup_undone' },
    });
  });

  it('is taken back once, however many ask at once', async () => {
    for (let n = 0; n < 3; n++) await aLead({ email: 'a@x.example' });
    const { cleanupId } = (await cleanUp()).body;
    const asked = await Promise.all(Array.from({ length: 4 }, () => call('POST', `leads/cleanups/${cleanupId}/undo`)));
    expect(asked.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  it('merges by batches, and says that there is more', async () => {
    await slice.superuser.query(
      `insert into leads (tenant_id, id, name, email, source, status, created_by)
       select $1, gen_random_uuid(), 'Many', 'many-' || n % 100 || '@x.example', 'test', 'new', $2 from generate_series(1, 250) n`,
      [TENANT, mira.userId],
    );
    expect((await cleanUp()).body).toMatchObject({ merged: 100, hasMore: true });
    expect((await cleanUp()).body).toMatchObject({ merged: 50, hasMore: false });
    expect((await cleanUp()).body).toMatchObject({ merged: 0 });
  });

  it('comes every night where the tenant wants it, until nothing is left', async () => {
    for (let n = 0; n < 2; n++) await aLead({ email: 'a@x.example' });
    const occasion = { scheduledFor: '2031-03-03T02:20:00Z' };
    const night = () =>
      runAsSystem(TENANT, 'leads.clean-up', newId(), () =>
        worker.get(Database).transaction(() => worker.get(CleanupWorker).cleanUp(occasion)),
      );
    const cleanups = async () => (await call('GET', 'leads/cleanups')).body.data;
    await night();
    expect(await cleanups()).toEqual([]);
    await slice.as(mira.actor, () => slice.get(LeadSettingsService).edit({ cleansUpNightly: true }));
    await Promise.all([night(), night()]);
    expect(await cleanups()).toMatchObject([{ merged: 1 }]);
  });
});
