import { type SignedIn, signIn } from '@app/auth/testing';
import { dealsContexts } from '@app/deals/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transfersContexts } from '../testing.js';
import { Importer } from './testing/importer.js';

const CONTEXTS = [...new Set([...dealsContexts, ...transfersContexts])];
const GRANTS = [
  ...['imports:run', 'deals:create', 'deals:read_all', 'deals:update_all', 'deals:delete_all', 'deals:assign_all'],
  ...['deals:export', 'pipelines:read', 'pipelines:manage', 'customers:create', 'customers:read_own'],
  ...['companies:create', 'companies:read', 'custom-fields:manage', 'custom-fields:read'],
];

describe('Deals from files', () => {
  let slice: Slice;
  let worker: Slice;
  let [clerk, colleague]: SignedIn[] = [];
  let desk: Importer;
  let stages: { id: string; name: string }[];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: CONTEXTS });
    worker = await bootSlice({ contexts: CONTEXTS, app: 'worker', beside: slice });
    clerk = await signIn(slice, { grants: GRANTS });
    colleague = await signIn(slice, { grants: ['customers:create', 'deals:read_own', 'deals:create', 'imports:run'] });
    desk = new Importer(slice, 'deals', clerk);
    await desk.ask('POST', 'custom-fields', { recordKind: 'deals', key: 'renews', label: 'Renews', type: 'date' });
    await desk.ask('POST', 'deals', { name: 'The first one' });
    stages = (await desk.ask('GET', 'pipelines')).body.data[0].stages;
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const word = () => `w${newId().slice(-12)}`;
  const mailOf = async ({ userId }: SignedIn) =>
    (await slice.superuser.query('select email, username from users where id = $1', [userId])).rows[0];
  const listed = async (name: string) =>
    (await desk.ask('GET', `deals?sort=createdAt&name[starts]=${name}`)).body.data as (Record<string, unknown> & {
      id: string;
    })[];
  const aCustomer = async (who = clerk!, email = `${newId()}@okafor.example`) => {
    const body = { firstName: 'Mira', email };
    const made = await slice.http('POST', '/api/v1/customers', { token: who.token, body });
    return { id: made.body.id as string, email };
  };

  it('find whom they name by what is unique of them', async () => {
    const name = word();
    const [mira, other] = [await aCustomer(), await aCustomer(colleague)];
    const company = (await desk.ask('POST', 'companies', { name: `${name} Ltd`, domain: `${name}.example` })).body;
    const { email } = await mailOf(colleague!);
    const head = 'name,price,currency,expectedCloseDate,customer,company,stage,owner,cf.renews';
    const rows = [
      `${name} A,12000.50,EUR,2031-03-31,${mira.email.toUpperCase()},${name} LTD,Negotiation,${email},2032-01-01`,
      `${name} B,900,JPY,,${mira.id},www.${name}.example,,,`,
      `${name} C,1,EUR,,${other.email},,,,`,
      `${name} D,1,EUR,,,nobody,,,`,
      `${name} E,,EUR,,,,Proposal,,`,
      `${name} F,1.005,EUR,,,,,,`,
      `${name} G,1,EUR,,,,No such stage,,`,
      `${name} H,1,EUR,,,,,nobody@x.example,`,
      `${name} I,-1,EUR,,,,,,`,
    ];
    const id = await desk.mapped([head, ...rows].join('\n'));
    expect((await desk.does('dry-run', id)).report).toEqual({ created: 2, refused: 7 });
    expect(await listed(name)).toEqual([]);
    expect((await desk.does('run', id)).report).toEqual({ created: 2, refused: 7 });
    expect(await desk.refusals(id)).toEqual([
      [4, 'customer_not_found', 'customer'],
      [5, 'company_not_found', 'company'],
      [6, 'stage_demands', 'amount'],
      [7, 'wrong_exponent', 'price'],
      [8, 'stage_unknown', 'stage'],
      [9, 'owner_unknown', 'owner'],
      [10, 'min', 'amount'],
    ]);
    const [a, b] = await listed(name);
    expect(a).toMatchObject({
      ...{
        amount: 1_200_050,
        currency: 'EUR',
        expectedCloseDate: '2031-03-31',
        customerId: mira.id,
        companyId: company.id,
      },
      ...{
        stageId: stages[2]!.id,
        probability: 75,
        ownerId: colleague!.userId,
        customFields: { renews: '2032-01-01' },
      },
      ...{ status: 'open', createdBy: clerk!.userId },
    });
    expect(b).toMatchObject({ amount: 900, currency: 'JPY', stageId: stages[0]!.id, ownerId: clerk!.userId });
    const { rows: told } = await slice.superuser.query(
      `select count(*)::int as n from outbox where type = 'deals.created' and payload->>'dealId' = any ($1)`,
      [[a!.id, b!.id]],
    );
    expect(told).toEqual([{ n: 2 }]);
  });

  it('stand on top of their column, each above the one before', async () => {
    const name = word();
    await desk.run(`name\n${name} 1\n${name} 2\n${name} 3`);
    const { data } = (await desk.ask('GET', `deals?stageId=${stages[0]!.id}&status=open&sort=rank&limit=3`)).body;
    expect(data.map((deal: { name: string }) => deal.name)).toEqual([`${name} 3`, `${name} 2`, `${name} 1`]);
  });

  it('change by name or id, move, and are put back', async () => {
    const name = word();
    await desk.run(`name,amount,stage\n${name} A,100,\n${name} B,200,\n${name} C,1,\n${name} C,1,`);
    const [a] = await listed(name);
    const id = await desk.mapped(
      `id,name,amount,stage,probability\n${a!.id},,500,Proposal,55\n,${name} B,,Proposal,\n,${name} C,2,,\n,${name} X,1,,`,
      { mode: 'update', match: ['id', 'name'] },
    );
    expect((await desk.does('run', id)).report).toEqual({ updated: 2, refused: 2 });
    expect(await desk.refusals(id)).toEqual([
      [4, 'ambiguous_match', 'name'],
      [5, 'no_match', 'id'],
    ]);
    const moved = (await listed(name)).slice(0, 2);
    expect(moved).toMatchObject([
      { amount: 500, stageId: stages[1]!.id, probability: 55 },
      { amount: 200, stageId: stages[1]!.id, probability: 40 },
    ]);
    expect((await desk.does('undo', id)).report).toMatchObject({ undone: 2, kept: 0 });
    expect((await listed(name)).slice(0, 2)).toMatchObject([
      { amount: 100, stageId: stages[0]!.id, probability: 10 },
      { amount: 200, stageId: stages[0]!.id, probability: 10 },
    ]);
  });

  it('reach no further than who imports them', async () => {
    const name = word();
    await desk.run(`name\n${name} mine`);
    const [mine] = await listed(name);
    const narrow = await signIn(slice, {
      grants: ['imports:run', 'deals:create', 'deals:read_own', 'deals:update_own'],
    });
    const own = new Importer(slice, 'deals', narrow);
    const changed = await own.run(`id,name\n${mine!.id},taken`, { mode: 'update', match: ['id'] });
    expect(await own.refusals(changed.id)).toEqual([[2, 'no_match', 'id']]);
    const given = await own.run(`name,owner\n${name} given,${clerk!.userId}`);
    expect(await own.refusals(given.id)).toEqual([[2, 'out_of_reach', null]]);
  });

  it('leave as a file, which an import reads', async () => {
    const name = word();
    await desk.run(`name,amount,cf.renews\n${name} A,100,2033-05-01\n${name} B,200,`);
    const { status, body } = await desk.ask(
      'GET',
      `deals/export?name[starts]=${name}&sort=-amount&fields=name,amount,currency,cf.renews`,
    );
    expect(status).toBe(200);
    const lines = (body as string).trimEnd().split('\r\n');
    expect(lines.map((line) => line.split(',').slice(1).join(','))).toEqual([
      ...['name,amount,currency,cf.renews', `${name} B,200,EUR,`, `${name} A,100,EUR,2033-05-01`],
    ]);
    const again = await desk.run(body as string, { mode: 'update', match: ['id'] });
    expect(again.report).toEqual({ unchanged: 2 });
  });

  it('go into no pipeline that is archived', async () => {
    const name = word();
    const boss = await signIn(slice, { grants: ['pipelines:manage'] });
    const ask = (path: string, body?: unknown) => slice.http('POST', `/api/v1/${path}`, { token: boss.token, body });
    const steps = [{ name: `${name} step`, position: 1, probability: 10 }];
    const { body: over } = await ask('pipelines', { name: `${name} over`, currency: 'EUR', stages: steps });
    expect((await ask(`pipelines/${over.id}/archive`)).status).toBe(200);
    const rows = [`${name} A,${name} over,`, `${name} B,,${over.stages[0].id}`, `${name} C,,`];
    const { id, report } = await desk.run(['name,pipeline,stage', ...rows].join('\n'));
    expect(report).toEqual({ created: 1, refused: 2 });
    expect(await desk.refusals(id)).toEqual([
      [2, 'pipeline_archived', 'pipeline'],
      [3, 'pipeline_archived', 'stage'],
    ]);
  });
});
