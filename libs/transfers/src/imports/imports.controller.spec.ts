import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, formOf, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transfersContexts } from '../testing.js';
import { ImportsService } from './imports.service.js';

const DESK = ['imports:run', 'customers:create', 'customers:read_all', 'customers:update_all', 'customers:delete_all'];
const OVER = ['done', 'failed', 'cancelled'];
type Answer = Awaited<ReturnType<Slice['http']>>;

describe('Imports', () => {
  let slice: Slice;
  let worker: Slice;
  let clerk: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: transfersContexts });
    worker = await bootSlice({ contexts: transfersContexts, app: 'worker', beside: slice });
    clerk = await signIn(slice, { grants: DESK });
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const ask = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown, who = clerk): Promise<Answer> =>
    slice.http(method, `/api/v1${path}`, { token: who.token, body });
  const upload = async (content: string | Buffer, who = clerk, headers: Record<string, string> = {}) =>
    slice.http('POST', '/api/v1/imports', {
      token: who.token,
      ...(await formOf({ entity: 'customers', file: new File([Buffer.from(content)], 'people.csv') }, headers)),
    });
  const NAMES: Record<string, string> = { First: 'firstName', Last: 'lastName', 'E-mail': 'email', Phone: 'phone' };
  const mapped = async (content: string | Buffer, over: object = {}, who = clerk): Promise<string> => {
    const { body, status } = await upload(content, who);
    expect(status, JSON.stringify(body)).toBe(201);
    const columns = (body.columns as string[]).flatMap((column) =>
      NAMES[column] ? [{ column, field: NAMES[column] }] : [],
    );
    const mapping = { columns, mode: 'create', ...over };
    const answer = await ask('PUT', `/imports/${body.id}/mapping`, mapping, who);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return body.id as string;
  };
  const settled = async (jobId: string, who = clerk) => {
    await expect
      .poll(async () => (await ask('GET', `/jobs/${jobId}`, undefined, who)).body.state as string, {
        timeout: 25_000,
        interval: 50,
      })
      .toSatisfy((state: string) => OVER.includes(state));
    return (await ask('GET', `/jobs/${jobId}`, undefined, who)).body;
  };
  const does = async (verb: 'dry-run' | 'run' | 'undo', id: string, who = clerk) => {
    const { status, body, headers } = await ask('POST', `/imports/${id}/${verb}`, undefined, who);
    expect(status, JSON.stringify(body)).toBe(202);
    expect(headers.location).toBe(`/api/v1/jobs/${body.id}`);
    const job = await settled(body.id as string, who);
    return { job, ...(await ask('GET', `/imports/${id}`, undefined, who)).body };
  };
  const rows = async (id: string, query = '') => (await ask('GET', `/imports/${id}/rows${query}`)).body.data;
  const customers = async (q: string) => (await ask('GET', `/customers?q=${q}`)).body.data;
  const word = () => `w${newId().slice(-12)}`;

  it('tell the columns, the shape and the first rows of a file', async () => {
    const { status, body } = await upload('First;E-mail\r\nMira;"m;1@x.example"\r\n');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ state: 'uploaded', entity: 'customers', name: 'people.csv', encoding: 'utf-8', delimiter: ';' },
      ...{ columns: ['First', 'E-mail'], sample: [['Mira', 'm;1@x.example']], mapping: null, report: null },
    });
  });

  it('try first, then import the same', async () => {
    const name = word();
    const id = await mapped(
      `First,Last,E-mail,Phone\nMira,${name},MIRA@${name}.example,+49 30 123456\nBo,${name},,\n,${name},x@${name}.example,\n`,
    );
    const tried = await does('dry-run', id);
    expect(tried).toMatchObject({ state: 'ready', rowCount: 3, report: { created: 2, refused: 1 } });
    expect(await customers(name)).toEqual([]);
    expect(await rows(id, '?outcome=refused')).toMatchObject([
      { number: 4, code: 'required_field', field: 'firstName' },
    ]);
    const ran = await does('run', id);
    expect(ran).toMatchObject({
      state: 'partial',
      report: { created: 2, refused: 1 },
      job: { done: 3, total: 3, state: 'done' },
    });
    const made = await customers(name);
    expect(made.map((one: { firstName: string }) => one.firstName).sort()).toEqual(['Bo', 'Mira']);
    expect(made.find((one: { firstName: string }) => one.firstName === 'Mira')).toMatchObject({
      email: `mira@${name}.example`,
      phone: '+4930123456',
      source: 'import',
      createdBy: clerk.userId,
    });
    const { rows: told } = await slice.superuser.query(
      `select o.version, o.actor_id from outbox o where o.type = 'customers.created' and o.payload->>'customerId' = any ($1)`,
      [made.map((one: { id: string }) => one.id)],
    );
    expect(told).toEqual([
      { version: 1, actor_id: clerk.userId },
      { version: 1, actor_id: clerk.userId },
    ]);
    const { rows: audited } = await slice.superuser.query(
      `select actor_id, action from audit_log where entity = 'customers' and entity_id = any ($1)`,
      [made.map((one: { id: string }) => one.id)],
    );
    expect(audited).toEqual([
      { actor_id: clerk.userId, action: 'created' },
      { actor_id: clerk.userId, action: 'created' },
    ]);
  });

  it('bring what is known of the person, refuse it by its column, and read what an export wrote', async () => {
    const name = word();
    const COLUMNS = ['firstName', 'lastName', 'birthday', 'timeZone', 'language', 'preferredChannel', 'quietHours'];
    const columns = COLUMNS.map((column) => ({ column, field: column }));
    const head = COLUMNS.join(',');
    const mira = `Mira,${name},1986-05-17,Europe/Vienna,de-at,sms,21:00-08:00`;
    const wrong = [`Al,${name},1899-01-01,,,,`, `Bo,${name},,Vienna,,,`, `Cy,${name},,,,fax,`, `Di,${name},,,,,21:00`];
    const ran = await does('run', await mapped([head, mira, ...wrong].join('\n'), { columns }));
    expect(ran.report).toMatchObject({ created: 1, refused: 4 });
    expect((await rows(ran.id, '?outcome=refused')).map(({ field }: { field: string }) => field)).toEqual([
      ...['birthday', 'timeZone', 'preferredChannel', 'quietHours'],
    ]);
    const [made] = await customers(name);
    const known = { birthday: '1986-05-17', timeZone: 'Europe/Vienna', language: 'de-AT', preferredChannel: 'sms' };
    expect(made).toMatchObject({ ...known, quietHours: { start: '21:00', end: '08:00' } });

    const exporter = await signIn(slice, { grants: ['customers:export', 'customers:read_all'] });
    const file = await ask('GET', `/customers/export?lastName=${name}`, undefined, exporter);
    await ask('PATCH', `/customers/${made.id}`, { quietHours: null, language: 'fr' });
    const plan = { mode: 'update', match: ['id'], columns: [...columns, { column: 'id', field: 'id' }] };
    const again = await mapped(file.body as string, plan);
    expect((await does('run', again)).report).toEqual({ updated: 1 });
    expect(await customers(name)).toMatchObject([{ ...known, quietHours: { start: '21:00', end: '08:00' } }]);
    expect((await does('undo', again)).state).toBe('undone');
    expect(await customers(name)).toMatchObject([{ language: 'fr', quietHours: null }]);
  });

  it('write the company’s own fields, refuse what these do not take, and put back what they held', async () => {
    const boss = await signIn(slice, { grants: ['custom-fields:manage', 'custom-fields:read'] });
    const [name, contract, region] = [word(), word(), word()];
    const define = (key: string, over: object) =>
      ask('POST', '/custom-fields', { recordKind: 'customers', key, label: key, ...over }, boss);
    expect((await define(contract, { type: 'text' })).status).toBe(201);
    const options = [{ key: 'north', label: 'North' }];
    expect((await define(region, { type: 'select', options })).status).toBe(201);
    const { body: bo } = await ask('POST', '/customers', {
      ...{ firstName: 'Bo', lastName: name, email: `b@${name}.example`, customFields: { [contract]: 'C-0' } },
    });
    const columns = [
      ...['First', 'Last', 'E-mail'].map((column) => ({ column, field: NAMES[column] })),
      { column: 'Contract', field: `cf.${contract}` },
      { column: 'Region', field: `cf.${region}` },
    ];
    const id = await mapped(
      `First,Last,E-mail,Contract,Region\nMira,${name},m@${name}.example,C-1,north\nBo,${name},b@${name}.example,C-2,\nIda,${name},,,west\n`,
      { columns, mode: 'upsert', match: ['email'] },
    );
    expect(await does('run', id)).toMatchObject({ report: { created: 1, updated: 1, refused: 1 } });
    expect(await rows(id, '?outcome=refused')).toMatchObject([{ number: 4, field: `cf.${region}` }]);
    const own = async (): Promise<Record<string, unknown>> =>
      Object.fromEntries(
        (await customers(name)).map((one: { firstName: string; customFields: object }) => [
          one.firstName,
          one.customFields,
        ]),
      );
    expect(await own()).toEqual({ Mira: { [contract]: 'C-1', [region]: 'north' }, Bo: { [contract]: 'C-2' } });
    expect(await does('undo', id)).toMatchObject({ state: 'undone' });
    expect(await own()).toEqual({ Bo: { [contract]: 'C-0' } });
    expect((await ask('GET', `/customers/${bo.id}`)).body).toMatchObject({ customFields: { [contract]: 'C-0' } });
  });

  it('change whom they find, by what was said of them alone, and take it back', async () => {
    const name = word();
    const { body: mira } = await ask('POST', '/customers', {
      firstName: 'Mira',
      company: 'Okafor',
      email: `m@${name}.example`,
    });
    const id = await mapped(`First,Last,E-mail\nMira,${name},M@${name}.example\nBo,${name},b@${name}.example\n`, {
      ...{ mode: 'upsert', match: ['email'] },
    });
    expect(await does('run', id)).toMatchObject({ state: 'done', report: { created: 1, updated: 1 } });
    const now = (await ask('GET', `/customers/${mira.id}`)).body;
    expect(now).toMatchObject({ lastName: name, company: 'Okafor', version: 2 });
    expect(await does('undo', id)).toMatchObject({ state: 'undone', report: { undone: 2, kept: 0 } });
    expect((await ask('GET', `/customers/${mira.id}`)).body).toMatchObject({ lastName: '', version: 3 });
    expect(await customers(name)).toHaveLength(1); // Mira, by her address
    expect((await ask('POST', `/imports/${id}/undo`)).body).toMatchObject({ code: 'invalid_transition' });
  });

  it('keep what somebody changed since, when they are taken back', async () => {
    const name = word();
    const { body: mira } = await ask('POST', '/customers', { firstName: 'Mira', email: `m@${name}.example` });
    const id = await mapped(`First,Last,E-mail\nMira,${name},m@${name}.example\nBo,${name},b@${name}.example\n`, {
      ...{ mode: 'upsert', match: ['email'] },
    });
    await does('run', id);
    await ask('PATCH', `/customers/${mira.id}`, { lastName: 'Other' });
    const bo = (await customers(`b@${name}.example`))[0];
    await ask('PATCH', `/customers/${bo.id}`, { company: 'New' });
    expect(await does('undo', id)).toMatchObject({ report: { undone: 0, kept: 2 } });
    expect(await rows(id, '?outcome=kept')).toMatchObject([
      { number: 2, code: 'changed_since', recordId: mira.id },
      { number: 3, code: 'changed_since', recordId: bo.id },
    ]);
    expect((await ask('GET', `/customers/${mira.id}`)).body.lastName).toBe('Other');
  });

  it('say why rows are refused, as the creation of one would', async () => {
    const name = word();
    await ask('POST', '/customers', { firstName: 'Mira', email: `m@${name}.example` });
    const csv = [
      ...['First,Last,E-mail,Phone', `Mira,${name},m@${name}.example,`, `Bo,${name},no address,`, `Cy,${name},,12`],
      ...[`Di,${name},d@${name}.example,`, `Di,${name},D@${name}.example,`, `${'x'.repeat(101)},${name},,`, 'ragged'],
    ].join('\n');
    const id = await mapped(csv);
    expect(await does('run', id)).toMatchObject({ state: 'partial', report: { created: 1, refused: 6 } });
    const codes = (await rows(id, '?outcome=refused')).map(({ number, code }: { number: number; code: string }) => [
      number,
      code,
    ]);
    expect(codes).toEqual([
      ...[
        [2, 'email_taken'],
        [3, 'is_email_address'],
        [4, 'is_phone'],
        [6, 'duplicate_in_file'],
        [7, 'is_length'],
      ],
      [8, 'ragged_row'],
    ]);
    const { body, headers } = await ask('GET', `/imports/${id}/errors.csv`);
    expect(headers['content-type']).toContain('text/csv');
    expect((body as string).split('\r\n').slice(0, 2)).toEqual([
      'row,code,field,reason,First,Last,E-mail,Phone',
      `2,email_taken,email,Another customer has this e-mail address,Mira,${name},m@${name}.example,`,
    ]);
  });

  it('find a duplicate over the borders of portions', async () => {
    const name = word();
    const lines = Array.from({ length: 620 }, (_, n) => `P${n},${name},p${n === 610 ? 3 : n}@${name}.example`);
    const id = await mapped(['First,Last,E-mail', ...lines].join('\n'));
    const report = { created: 619, refused: 1 };
    expect(await does('dry-run', id)).toMatchObject({ report });
    expect(await does('run', id)).toMatchObject({ report, job: { done: 620 } });
    expect(await rows(id, '?outcome=refused')).toMatchObject([{ number: 612, code: 'duplicate_in_file' }]);
    expect(await does('undo', id)).toMatchObject({ state: 'undone', report: { undone: 619 } });
  });

  it('follow the duplicate rules of the tenant', async () => {
    const admin = await signIn(slice, { grants: [...DESK, 'customers:merge'] });
    const { body: rules } = await ask('GET', '/customers/duplicates/rules', undefined, admin);
    const set = (onCreate: string) => ask('PUT', '/customers/duplicates/rules', { leastScore: 60, onCreate }, admin);
    const name = word();
    const csv = `First,Last,Phone,Company\nMira,${name},+49 30 7654321,Okafor Logistics\nMira,${name},+49 30 7654321,Okafor Logistics\n`;
    expect((await set('refuse')).status).toBe(200);
    NAMES.Company = 'company';
    expect(await does('run', await mapped(csv))).toMatchObject({ report: { created: 1, refused: 1 } });
    await set('note');
    expect(await does('run', await mapped(csv))).toMatchObject({ report: { created: 2 } });
    const { rows: noted } = await slice.superuser.query(
      `select 1 from outbox where type = 'customers.duplicate-noted'`,
    );
    expect(noted.length).toBeGreaterThan(0);
    await set(rules.onCreate as string);
  });

  it('take a formula as text', async () => {
    const name = word();
    await does('run', await mapped(`First,Last\n=1+1,${name}\n'=2+2,${name}\n`));
    const names = (await customers(name)).map(({ firstName }: { firstName: string }) => firstName);
    expect(names.sort()).toEqual(['=1+1', '=2+2']);
  });

  it('fail before the first row when the file is of another encoding further on', async () => {
    const name = word();
    const head = `First,Last\n${`Mira,${name}\n`.repeat(4_000)}`;
    const id = await mapped(Buffer.concat([Buffer.from(head), Buffer.from([0xc4]), Buffer.from(`nne,${name}\n`)]));
    const failed = await does('run', id);
    expect(failed).toMatchObject({ state: 'failed', job: { done: 0, problem: { code: 'wrong_encoding' } } });
    expect(await customers(name)).toEqual([]);
  });

  it('refuse a file of 1 GB before they read it, and one that lies about its length', async () => {
    const huge = await upload('First\nMira\n', clerk, { 'content-length': String(1024 ** 3) });
    expect(huge).toMatchObject({ status: 413, body: { code: 'file_too_large' } });
  });

  it.each([
    ['an unknown field', { columns: [{ column: 'First', field: 'shoeSize' }] }, 'unknown_field'],
    ['an unknown column', { columns: [{ column: 'Third', field: 'firstName' }] }, 'unknown_column'],
    ['no column for what is required', { columns: [{ column: 'First', field: 'lastName' }] }, 'required_field'],
    [
      'two columns for one field',
      {
        columns: [
          { column: 'First', field: 'firstName' },
          { column: 'Last', field: 'firstName' },
        ],
      },
      'mapped_twice',
    ],
    ['no key to find by', { columns: [{ column: 'First', field: 'firstName' }], mode: 'upsert' }, 'no_key'],
    [
      'a key without a column',
      { columns: [{ column: 'First', field: 'firstName' }], mode: 'upsert', match: ['email'] },
      'not_mapped',
    ],
  ])('refuse a mapping with %s', async (_, mapping, code) => {
    const { body } = await upload('First,Last\nMira,Okafor\n');
    const answer = await ask('PUT', `/imports/${body.id}/mapping`, { mode: 'create', ...mapping });
    expect(answer).toMatchObject({ status: 422, body: { code: 'mapping_refused' } });
    expect(answer.body.errors.map((one: { code: string }) => one.code)).toContain(code);
  });

  it('are not run twice in parallel', async () => {
    const name = word();
    const id = await mapped(`First,Last\nMira,${name}\n`);
    const answers = await Promise.all([1, 2, 3].map(() => ask('POST', `/imports/${id}/run`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    await settled(answers.find(({ status }) => status === 202)!.body.id as string);
    expect(await customers(name)).toHaveLength(1);
  });

  it('are not run before they are mapped', async () => {
    const { body } = await upload('First\nMira\n');
    expect((await ask('POST', `/imports/${body.id}/run`)).body).toMatchObject({ status: 409, code: 'not_mapped' });
  });

  it('stop with the right to come in of who runs them', async () => {
    const leaver = await signIn(slice, { grants: DESK });
    const id = await mapped('First,Last\nMira,Leaver\n', {}, leaver);
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${clerk.userId}', true); update users set status = 'deactivated' where id = '${leaver.userId}'; commit`,
    );
    const job = await slice.as(leaver.actor, () => slice.get(ImportsService).run(id));
    await worker.settled();
    const { rows: jobs } = await slice.superuser.query('select state, problem from jobs where id = $1', [job]);
    expect(jobs).toMatchObject([{ state: 'failed', problem: { code: 'owner_gone' } }]);
    const { rows: imports } = await slice.superuser.query('select state from imports where id = $1', [id]);
    expect(imports).toEqual([{ state: 'failed' }]);
  });

  it('do no more than who runs them may', async () => {
    const name = word();
    const { body: theirs } = await ask('POST', '/customers', { firstName: 'Mira', email: `m@${name}.example` });
    const own = await signIn(slice, { grants: ['imports:run', 'customers:create', 'customers:update_own'] });
    const id = await mapped(`First,E-mail\nBo,m@${name}.example\n`, { mode: 'upsert', match: ['email'] }, own);
    expect(await does('run', id, own)).toMatchObject({ report: { refused: 1 } });
    expect((await ask('GET', `/customers/${theirs.id}`)).body.firstName).toBe('Mira');
    const reader = await signIn(slice, { grants: ['imports:run', 'customers:update_own'] });
    const { body } = await upload('First\nMira\n', reader);
    const mapping = { columns: [{ column: 'First', field: 'firstName' }], mode: 'create' };
    expect((await ask('PUT', `/imports/${body.id}/mapping`, mapping, reader)).body.code).toBe('permission_missing');
    expect((await ask('GET', `/imports/${id}`)).status).toBe(404);
    expect((await ask('POST', `/imports/${id}/run`)).status).toBe(404);
  });

  it('go to the survivor of a merge in the middle, and never to who was merged', async () => {
    const name = word();
    const admin = await signIn(slice, { grants: [...DESK, 'customers:merge'] });
    const make = async (mail: string) =>
      (await ask('POST', '/customers', { firstName: 'Mira', email: `${mail}@${name}.example` })).body.id as string;
    const [survivor, loser] = [await make('a'), await make('b')];
    const byMail = await mapped(`First,Last,E-mail\nMira,${name},b@${name}.example\n`, {
      mode: 'update',
      match: ['email'],
    });
    NAMES.Id = 'id';
    const byId = await mapped(`Id,Last\n${loser},${name}\n`, { mode: 'update', match: ['id'] });
    expect((await ask('POST', `/customers/merge`, { survivorId: survivor, loserId: loser }, admin)).status).toBe(201);
    await does('run', byMail);
    expect((await ask('GET', `/customers/${survivor}`)).body.lastName).toBe(name);
    await does('run', byId);
    expect(await rows(byId)).toMatchObject([{ outcome: 'refused', code: 'customer_merged' }]);
  });

  it('lose no address to whoever is faster: rows and requests for one address make one customer', async () => {
    const name = word();
    const lines = Array.from({ length: 60 }, (_, n) => `P,${name},p${n}@${name}.example`);
    const id = await mapped(['First,Last,E-mail', ...lines].join('\n'));
    const { body } = await ask('POST', `/imports/${id}/run`);
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        ask('POST', '/customers', { firstName: 'Q', email: `p${n * 3}@${name}.example` }),
      ),
    );
    expect((await settled(body.id as string)).state).toBe('done');
    const { rows: counted } = await slice.superuser.query(
      `select count(*)::int as n, count(distinct email)::int as mails from customers where email like $1`,
      [`%@${name}.example`],
    );
    expect(counted).toEqual([{ n: 60, mails: 60 }]);
  });

  it('are cancelled in the middle, and go on where they stopped', async () => {
    const name = word();
    const lines = Array.from({ length: 1_100 }, (_, n) => `P${n},${name},p${n}@${name}.example`);
    const id = await mapped(['First,Last,E-mail', ...lines].join('\n'));
    const { body } = await ask('POST', `/imports/${id}/run`);
    expect((await ask('POST', `/jobs/${body.id}/cancel`)).body).toMatchObject({ isCancelAsked: true });
    const job = await settled(body.id as string);
    expect(job.state).toBe('cancelled');
    expect((await ask('POST', `/jobs/${body.id}/cancel`)).body).toMatchObject({ status: 409, code: 'job_over' });
    expect((await ask('GET', `/imports/${id}`)).body).toMatchObject({ state: 'cancelled' });
    expect(await does('run', id)).toMatchObject({ state: 'done', report: { created: 1_100 }, job: { done: 1_100 } });
    expect((await ask('GET', `/customers?q=${name}&count=capped`)).body.meta.total).toBe(1_100);
  });
});
