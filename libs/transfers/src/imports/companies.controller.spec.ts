import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transfersContexts } from '../testing.js';
import { Importer } from './testing/importer.js';

const GRANTS = [
  ...['imports:run', 'companies:read', 'companies:create', 'companies:update', 'companies:delete', 'companies:export'],
  ...['custom-fields:manage', 'custom-fields:read'],
];

describe('Companies from files', () => {
  let slice: Slice;
  let worker: Slice;
  let clerk: SignedIn;
  let desk: Importer;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: transfersContexts });
    worker = await bootSlice({ contexts: transfersContexts, app: 'worker', beside: slice });
    clerk = await signIn(slice, { grants: GRANTS });
    desk = new Importer(slice, 'companies', clerk);
    await desk.ask('POST', 'custom-fields', { recordKind: 'companies', key: 'seats', label: 'Seats', type: 'number' });
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const word = () => `w${newId().slice(-12)}`;
  const listed = async (query: string) => (await desk.ask('GET', `companies?sort=createdAt&${query}`)).body.data;

  it('are tried, imported and taken back', async () => {
    const name = word();
    const rows = [
      `${name},https://www.${name}.example/about,12`,
      `${name} 2,,`,
      `,x${name}.example,`,
      `${name} 3,no domain,`,
    ];
    const id = await desk.mapped(['name,domain,cf.seats', ...rows, `${name} 4,${name}.example,`].join('\n'));
    expect(await desk.does('dry-run', id)).toMatchObject({ state: 'ready', report: { created: 2, refused: 3 } });
    expect(await listed(`name[starts]=${name}`)).toEqual([]);
    expect(await desk.does('run', id)).toMatchObject({ state: 'partial', report: { created: 2, refused: 3 } });
    expect(await listed(`name[starts]=${name}`)).toMatchObject([
      { name, domain: `${name}.example`, customFields: { seats: 12 }, version: 1, createdBy: clerk.userId },
      { name: `${name} 2`, domain: null, customFields: {} },
    ]);
    expect(await desk.refusals(id)).toEqual([
      [4, 'required_field', 'name'],
      [5, 'is_company_domain', 'domain'],
      [6, 'duplicate_in_file', null],
    ]);
    expect(await desk.does('undo', id)).toMatchObject({ state: 'undone', report: { undone: 2 } });
    expect(await listed(`name[starts]=${name}`)).toEqual([]);
  });

  it('are found by domain, name or id, and refused where that is not clear', async () => {
    const name = word();
    await desk.run(`name,domain\n${name} A,a.${name}.example\n${name} B,b.${name}.example\n${name} C,\n${name} C,`);
    const [a] = await listed(`name=${name} A`);
    const changed = await desk.run(
      `id,name,domain,cf.seats\n${a.id},${name} A1,,7\n,${name} B1,B.${name}.example,\n,${name} C,,9\n,${name} D,,\n`,
      { mode: 'upsert', match: ['id', 'domain', 'name'] },
    );
    expect(changed.report).toEqual({ updated: 2, refused: 1, created: 1 });
    expect(await desk.refusals(changed.id)).toEqual([[4, 'ambiguous_match', 'name']]);
    expect(await listed(`name[starts]=${name}`)).toMatchObject([
      { name: `${name} A1`, domain: `a.${name}.example`, customFields: { seats: 7 }, version: 2 },
      { name: `${name} B1`, domain: `b.${name}.example`, version: 2 },
      ...[{ name: `${name} C` }, { name: `${name} C` }, { name: `${name} D` }],
    ]);
    const none = await desk.run(`name\n${name} Z`, { mode: 'update', match: ['name'] });
    expect(await desk.refusals(none.id)).toEqual([[2, 'no_match', 'name']]);
    const taken = await desk.run(`name,domain\n${name} Y,a.${name}.example`);
    expect(await desk.refusals(taken.id)).toEqual([[2, 'domain_taken', 'domain']]);
  });

  it('are put back as they were, where nobody changed them since', async () => {
    const name = word();
    await desk.run(`name,domain,cf.seats\n${name} A,a.${name}.example,1\n${name} B,b.${name}.example,2`);
    const id = await desk.mapped(
      `name,domain,cf.seats\n${name} A1,a.${name}.example,3\n${name} B1,b.${name}.example,4`,
      {
        ...{ mode: 'update', match: ['domain'] },
      },
    );
    expect((await desk.does('run', id)).report).toEqual({ updated: 2 });
    const [, second] = await listed(`name[starts]=${name}`);
    await desk.ask('PATCH', `companies/${second.id}`, { name: `${name} B2` });
    expect(await desk.does('undo', id)).toMatchObject({ state: 'undone', report: { undone: 1, kept: 1 } });
    expect(await desk.refusals(id, 'kept')).toMatchObject([[3, 'changed_since', null]]);
    expect(await listed(`name[starts]=${name}`)).toMatchObject([
      { name: `${name} A`, customFields: { seats: 1 } },
      { name: `${name} B2`, customFields: { seats: 4 } },
    ]);
  });

  it('are named alike by several who import at once, once', async () => {
    const name = word();
    const csv = ['name,domain', ...Array.from({ length: 40 }, (_, n) => `${name},d${n}.${name}.example`)].join('\n');
    const ids = await Promise.all([0, 1, 2].map(() => desk.mapped(csv, { mode: 'upsert', match: ['domain'] })));
    const reports = await Promise.all(ids.map((id) => desk.does('run', id)));
    expect(reports.reduce((sum, { report }) => sum + ((report.created as number) ?? 0), 0)).toBe(40);
    expect(await listed(`name=${name}&limit=100`)).toHaveLength(40);
  });

  it('leave by the filters of the list, their own fields too, and as an import reads them', async () => {
    const name = word();
    await desk.run(`name,domain,cf.seats\n${name} A,a.${name}.example,20\n${name} B,,30\n${name} C,,1`);
    const query = `name[starts]=${name}&cf.seats[gte]=20&sort=-cf.seats&fields=name,domain,cf.seats`;
    const { body } = await desk.ask('GET', `companies/export?${query}`);
    const [head, ...lines] = (body as string).trimEnd().split('\r\n');
    expect(head).toBe('id,name,domain,cf.seats');
    expect(lines.map((line) => line.split(',').slice(1))).toEqual([
      [`${name} B`, '', '30'],
      [`${name} A`, `a.${name}.example`, '20'],
    ]);
    const again = await desk.run(body as string, { mode: 'update', match: ['id'] });
    expect(again.report).toEqual({ unchanged: 2 });
    const reader = await signIn(slice, { grants: ['companies:read'] });
    expect((await slice.http('GET', '/api/v1/companies/export', { token: reader.token })).status).toBe(403);
  });

  it('bring money and several choices of their own in one cell each, which leave so that they come in again', async () => {
    const options = ['red', 'blue'].map((key) => ({ key, label: key }));
    for (const field of [
      { key: 'budget', label: 'Budget', type: 'money' },
      { key: 'colours', label: 'Colours', type: 'multi_select', options },
    ])
      expect((await desk.ask('POST', 'custom-fields', { recordKind: 'companies', ...field })).status).toBe(201);
    const name = word();
    const id = await desk.mapped(
      `name,cf.budget,cf.colours\n${name} A,1250.50 EUR,red; blue\n${name} B,1250.505 EUR,\n${name} C,JPY 12,green\n${name} D,,blue`,
    );
    expect(await desk.does('run', id)).toMatchObject({ report: { created: 2, refused: 2 } });
    expect(await desk.refusals(id)).toEqual([
      [3, 'invalid_custom_fields', 'cf.budget'],
      [4, 'invalid_custom_fields', 'cf.colours'],
    ]);
    expect(await listed(`name[starts]=${name}`)).toMatchObject([
      { customFields: { budget: { amount: 125_050, currency: 'EUR' }, colours: ['red', 'blue'] } },
      { customFields: { colours: ['blue'] } },
    ]);
    const { body } = await desk.ask('GET', `companies/export?name[starts]=${name}&fields=name,cf.budget,cf.colours`);
    expect((await desk.run(body as string, { mode: 'update', match: ['id'] })).report).toEqual({ unchanged: 2 });
  });
});
