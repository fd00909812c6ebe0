import { type SignedIn, signIn } from '@app/auth/testing';
import { dealsContexts } from '@app/deals/testing';
import { inquiriesContexts } from '@app/inquiries/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { workContexts } from '@app/work/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchContext } from './index.js';

const CONTEXTS = [...new Set([...inquiriesContexts, ...dealsContexts, ...workContexts, searchContext])];
const KINDS = ['customers', 'companies', 'deals', 'tasks', 'projects', 'inquiries'];
const VERBS = ['read', 'create', 'update', 'delete', 'restore', 'purge', 'merge'];
const EVERYTHING = KINDS.flatMap((kind) => VERBS.flatMap((verb) => [`${kind}:${verb}`, `${kind}:${verb}_all`]));

type Hit = { id: string; type: string; title: string; subtitle: string; score: number; url: string };

describe('GET /search', () => {
  let slice: Slice;
  let ada: SignedIn;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    slice = await bootSlice({ contexts: CONTEXTS });
    ada = await signIn(slice, { grants: EVERYTHING });
    ids.mira = await made('customers', {
      ...{ firstName: 'Mirá', lastName: 'Okafor-Čelik', company: 'Okafor & Söhne Logistics' },
      ...{ email: 'Mira.Okafor@lagos.example', phone: '+49 30 5551234' },
    });
    ids.john = await made('customers', { firstName: 'John', lastName: 'Harrington', company: 'Clockworks' });
    ids.company = await made('companies', { name: 'Okafor Shipping', domain: 'okafor-shipping.example' });
    ids.deal = await made('deals', { name: 'Yearly freight contract' });
    ids.project = await made('projects', { name: 'Harbour rollout', description: 'Moving every crane to the quay' });
    ids.task = await made('tasks', { title: 'Call the harbour master', description: 'About the cranes', zone: 'UTC' });
    ids.inquiry = await made('inquiries', {
      ...{ customerId: ids.mira, subject: 'Where is my container?' },
      message: 'It left Valparaíso in spring, and the paperwork says zanzibar.',
    });
  });
  afterAll(() => slice?.close());

  async function made(kind: string, body: object, by = ada): Promise<string> {
    const answer = await slice.http('POST', `/api/v1/${kind}`, { token: by.token, body });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.id;
  }

  const asked = (query: string, by = ada) => slice.http('GET', `/api/v1/search?${query}`, { token: by.token });
  const answered = async (q: string, by = ada, more = '') =>
    (await asked(`q=${encodeURIComponent(q)}${more}`, by)).body as { data: Hit[]; meta: Record<string, unknown> };
  const found = async (q: string, by = ada): Promise<string[]> => (await answered(q, by)).data.map(({ id }) => id);
  const remove = (path: string) => slice.http('DELETE', `/api/v1/${path}`, { token: ada.token });

  it.each([
    ['mira okafor', 'mira', 'without its accents'],
    ['OKAFOR MIRA', 'mira', 'in any order and case'],
    ['celik', 'mira', 'by a part of a double name'],
    ['mira soh', 'mira', 'by the beginning of the last word'],
    ['yearly contr', 'deal', 'a deal by its name'],
    ['cranes', 'task', 'a task by its description'],
    ['quay', 'project', 'a project by its description'],
    ['VALPARAISO', 'inquiry', 'an inquiry by a word of its message'],
    ['okafor shipping', 'company', 'a company by its name'],
    ['mira.okafor@lagos.example', 'mira', 'by a whole address'],
    ['  MIRA.okafor@LAGOS.example ', 'mira', 'by an address in any case'],
    ['+49 30 5551234', 'mira', 'by a number as it was given'],
    ['030 / 555 12-34', 'mira', 'by a number as it is dialled at home'],
    ['(0049) 30.555.1234', 'mira', 'by a number as it is dialled from abroad'],
    ['4930555', 'mira', 'by the beginning of a number'],
    ['okafor-shipping.example', 'company', 'by a domain'],
    ['INQ-000001', 'inquiry', 'by a reference'],
    ['inq 1', 'inquiry', 'by a reference in another writing'],
    ['#1', 'inquiry', 'by a number alone'],
    ['Jhon', 'john', 'with two letters in the wrong order'],
    ['Harington', 'john', 'with a letter missing'],
    ['Harrimgton', 'john', 'with a wrong letter'],
    ['Okafro Mira', 'mira', 'with a slip, in any order'],
    ['freihgt contrct', 'deal', 'with a slip in each word'],
  ])('finds %j: %s, %s', async (q, what) => {
    expect((await found(q))[0]).toBe(ids[what]);
  });

  it('says what it found, of which type, where, and how many of each', async () => {
    const { data, meta } = await answered('okafor');
    expect(data.map(({ id }) => id).sort()).toEqual([ids.company, ids.mira].sort());
    expect(data.find(({ id }) => id === ids.mira)).toEqual({
      ...{ id: ids.mira, type: 'customers', title: 'Mirá Okafor-Čelik', subtitle: 'Okafor & Söhne Logistics' },
      ...{ url: `/api/v1/customers/${ids.mira}`, score: expect.any(Number), createdAt: expect.any(String) },
      highlights: {
        title: 'Mirá <mark>Okafor</mark>-Čelik',
        subtitle: '<mark>Okafor</mark> &amp; Söhne Logistics',
        body: 'mira.<mark>okafor</mark>@lagos.example +49305551234',
      },
    });
    expect(meta).toMatchObject({
      ...{ page: 1, limit: 20, total: 2, totalPages: 1, hasNext: false, hasPrev: false, nextCursor: null },
      counts: { customers: 1, companies: 1, deals: 0, tasks: 0, projects: 0, inquiries: 0 },
    });
    for (const { url } of data) expect((await slice.http('GET', url, { token: ada.token })).status).toBe(200);
  });

  it('puts first what is named, before all that only speaks of it', async () => {
    const speaking = await made('tasks', { title: 'mira.okafor@lagos.example mira okafor lagos example', zone: 'UTC' });
    const { data } = await answered('mira.okafor@lagos.example');
    expect(data.map(({ id }) => id)).toEqual([ids.mira, speaking]);
    expect(data[0]!.score).toBeGreaterThanOrEqual(2);
    expect(data[1]!.score).toBeLessThan(2);
    await remove(`tasks/${speaking}`);
  });

  it('finds what was written in the same second, as it is written now', async () => {
    const id = await made('deals', { name: 'Quixotic windmills' });
    expect(await found('quixotic')).toEqual([id]);
    const change = await slice.http('PATCH', `/api/v1/deals/${id}`, { token: ada.token, body: { name: 'Sensible' } });
    expect(change.status).toBe(200);
    expect(await found('quixotic')).toEqual([]);
    expect(await found('sensible')).toEqual([id]);
  });

  it('does not find what is in the trash, finds what was taken out of it, and nothing that was purged', async () => {
    const id = await made('customers', { firstName: 'Ephemera', lastName: 'Gone' });
    expect((await remove(`customers/${id}`)).status).toBe(204);
    expect(await found('ephemera')).toEqual([]);
    await slice.http('POST', `/api/v1/customers/${id}/restore`, { token: ada.token });
    expect(await found('ephemera')).toEqual([id]);
    await remove(`customers/${id}`);
    expect((await remove(`customers/${id}?permanent=true`)).status).toBe(204);
    const left = await slice.superuser.query('select from search_documents where id = $1', [id]);
    expect(left.rowCount).toBe(0);
  });

  it('finds of two customers who were merged the one who stays', async () => {
    const [survivorId, loserId] = [
      await made('customers', { firstName: 'Wilhelmina', lastName: 'Stays' }),
      await made('customers', { firstName: 'Wilhelmina', lastName: 'Goes' }),
    ];
    const merge = { token: ada.token, body: { survivorId, loserId } };
    expect((await slice.http('POST', '/api/v1/customers/merge', merge)).status).toBe(201);
    expect(await found('wilhelmina')).toEqual([survivorId]);
  });

  it('is kept by PostgreSQL, whoever writes: a bulk update is found as it left the rows', async () => {
    const many = await Promise.all([1, 2, 3].map((n) => made('tasks', { title: `Bulk ${n}`, zone: 'UTC' })));
    await slice.as(ada.actor, () =>
      slice.db.transaction(() =>
        slice.db.query(`update tasks set title = 'Rewritten ' || title where id = any ($1)`, [many]),
      ),
    );
    expect((await found('rewritten')).sort()).toEqual([...many].sort());
  });

  it('answers alike to equal questions while records are written', async () => {
    const names = Array.from({ length: 8 }, (_, n) => `Parallel ${n}`);
    const [made8] = await Promise.all([
      Promise.all(names.map((title) => made('tasks', { title, zone: 'UTC' }))),
      ...names.map(() => answered('parallel')),
    ]);
    expect((await found('parallel')).sort()).toEqual([...made8].sort());
  });

  describe('as far as somebody may read', () => {
    it('finds and counts nothing else: not of others, not of types that they may not read', async () => {
      const clerk = await signIn(slice, { grants: ['customers:read_own', 'customers:create', 'tasks:read_own'] });
      const mine = await made('customers', { firstName: 'Okafor', lastName: 'Mine' }, clerk);
      const { data, meta } = await answered('okafor', clerk);
      expect(data.map(({ id }) => id)).toEqual([mine]);
      expect(meta).toMatchObject({ total: 1, counts: { customers: 1, tasks: 0 } });
      await remove(`customers/${mine}`);
    });

    it('is not told by what is left out that there is something that is written so', async () => {
      const clerk = await signIn(slice, { grants: ['customers:read_own', 'customers:create'] });
      const mine = await made('customers', { firstName: 'Harringtom', lastName: 'Mine' }, clerk);
      expect(await found('harrington', clerk)).toEqual([mine]);
      await remove(`customers/${mine}`);
    });

    it('finds a project and its tasks as a member of it', async () => {
      const member = await signIn(slice, { grants: ['projects:read_own', 'tasks:read_own'] });
      const project = await made('projects', { name: 'Submarine cable', members: [member.userId] });
      await made('projects', { name: 'Submarine of others' });
      const task = await made('tasks', { title: 'Submarine survey', zone: 'UTC', projectId: project });
      expect((await found('submarine', member)).sort()).toEqual([project, task].sort());
    });

    it('finds nothing at all without a permission to read something', async () => {
      const nobody = await signIn(slice, { grants: ['users:read'] });
      const { data, meta } = await answered('okafor', nobody);
      expect({ data, total: meta.total, counts: meta.counts }).toEqual({ data: [], total: 0, counts: {} });
      expect((await slice.http('GET', '/api/v1/search?q=okafor')).status).toBe(401);
    });

    it('finds and counts nothing of another tenant, be it named, spoken of or written alike', async () => {
      const stranger = await signIn(slice, { grants: EVERYTHING, tenantId: OTHER_TENANT });
      const theirs = await made('customers', { firstName: 'Okafor', lastName: 'Faraway' }, stranger);
      for (const q of ['okafor', 'okafro', 'faraway']) expect(await found(q, stranger)).toEqual([theirs]);
      for (const q of ['mira.okafor@lagos.example', '+49305551234', 'INQ-000001', 'harrimgton'])
        expect((await answered(q, stranger)).meta).toMatchObject({ total: 0 });
      expect(await found('faraway')).toEqual([]);
    });
  });

  it('looks for the types that are asked for, and knows no others', async () => {
    expect((await answered('okafor', ada, '&types=companies,deals')).meta).toMatchObject({
      total: 1,
      counts: { companies: 1, deals: 0 },
    });
    const wrong = await asked('q=okafor&types=customers,passwords');
    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_query' } });
    expect(wrong.body.errors).toMatchObject([{ pointer: 'query/types', code: 'type_unknown' }]);
    expect((await asked('q=okafor&kind=customers')).status).toBe(400);
  });

  it('pages by number and by cursor, without a hit twice or none', async () => {
    const some = await Promise.all(
      Array.from({ length: 7 }, (_, n) => made('tasks', { title: `Paged ${n}`, zone: 'UTC' })),
    );
    const first = await answered('paged', ada, '&limit=3&page=1');
    expect(first.meta).toMatchObject({ total: 7, totalPages: 3, hasNext: true });
    const beyond = await answered('paged', ada, '&limit=3&page=4');
    expect(beyond).toMatchObject({ data: [], meta: { total: 7, counts: { tasks: 7 } } });
    const walked: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { data, meta } = await answered('paged', ada, `&limit=3&cursor=${cursor}`);
      walked.push(...data.map(({ id }) => id));
      expect(meta).toMatchObject({ total: null, counts: null });
      cursor = meta.nextCursor as string | null;
    }
    expect(walked).toHaveLength(7);
    expect(walked.sort()).toEqual([...some].sort());
    expect((await asked(`q=other&limit=3&cursor=${first.meta.nextCursor as string}`)).status).toBe(400);
  });

  describe('with input that is none', () => {
    it.each([
      ['nothing', ''],
      ['blanks', '   '],
      ['punctuation', '&|!:*()<>\\\'"`@#$%^~?.,;-_=+[]{}'],
      ['a bare operator', ':*'],
      ['an escape', '\\'],
      ['a quote', "'"],
      ['directions and joiners alone', '\u202e\u200d\u2066\ufeff'],
      ['a lone combining accent', '\u0301'],
    ])('finds nothing for %s', async (_, q) => {
      const answer = await asked(`q=${encodeURIComponent(q)}`);
      expect(answer).toMatchObject({ status: 200, body: { data: [], meta: { total: 0 } } });
    });

    it.each([
      ['operators of a query', 'okafor & | ! mira:*'],
      ['an escape and a quote', "okafor \\ ' mira"],
      ['parentheses and weights', '(okafor:A) <-> !mira:*B'],
      ['SQL', "okafor'); drop table search_documents; -- mira"],
    ])('takes %s for what stands between words', async (_, q) => {
      expect((await asked(`q=${encodeURIComponent(q)}`)).status).toBe(200);
      expect(await found('okafor mira')).toContain(ids.mira);
    });

    it('refuses what is too long and what no text is', async () => {
      for (const q of ['x'.repeat(1000), 'a%00b']) expect(await asked(`q=${q}`)).toMatchObject({ status: 400 });
    });

    it('looks for one letter as a word, and for many words', async () => {
      const id = await made('tasks', { title: 'Plan B', zone: 'UTC' });
      expect(await found('b')).toEqual([id]);
      expect((await asked(`q=${'b '.repeat(99)}`)).status).toBe(200);
      expect((await asked(`q=${'b'.repeat(200)}`)).status).toBe(200);
    });

    it('shows markup in a title as text', async () => {
      const title = `<script>alert("x")</script> & <img onerror='y'> Scripted`;
      await made('tasks', { title, zone: 'UTC' });
      const { data } = await answered('script');
      expect(data[0]).toMatchObject({ title });
      const { title: html } = (data[0] as unknown as { highlights: { title: string } }).highlights;
      expect(html.replaceAll('<mark>', '').replaceAll('</mark>', '')).not.toMatch(/[<>"']/);
      expect(html).toContain('&lt;<mark>script</mark>&gt;');
    });

    it.each([
      ['שלום עולם', 'שלום', 'from right to left'],
      ['مرحبا بالعالم', 'مرحبا', 'in Arabic'],
      ['\u202emira\u202c backwards', 'mira backwards', 'with marks of direction'],
      ['Cafe\u0301 Zoe\u0308', 'café zoë', 'with accents that stand alone'],
      ['Łódź Straße', 'lodz strasse', 'with letters of their own'],
      ['ＦＵＬＬ width', 'full width', 'in full width'],
      ['株式会社 小林', '小林', 'in Japanese'],
      ['Привет Мир', 'ПРИВЕТ', 'in Cyrillic, in any case'],
    ])('finds %j by %j, %s', async (title, q) => {
      const id = await made('tasks', { title, zone: 'UTC' });
      expect(await found(q)).toContain(id);
      await remove(`tasks/${id}`);
    });

    it('finds a record of the longest text', async () => {
      const description = `${'lorem ipsum dolor '.repeat(500)} zyzzyva`;
      const id = await made('tasks', { title: newId(), zone: 'UTC', description });
      expect(await found('zyzzyva')).toEqual([id]);
    });
  });

  it('tells nobody of an inquiry by words that are not for all, nor how many there are, and finds it by its number', async () => {
    const boss = await signIn(slice, { grants: [...EVERYTHING, 'inquiries:restrict_all'] });
    const secret = { customerId: ids.mira, subject: 'Quetzalcoatl terminated', message: 'The xoloitzcuintle stays.' };
    const id = await made('inquiries', secret);
    const { body } = await slice.http('GET', `/api/v1/inquiries/${id}/messages`, { token: boss.token });
    const [message] = body.data as { id: string }[];
    const path = `/api/v1/inquiries/${id}/messages/${message!.id}/visibility`;
    const set = (visibility: string) => slice.http('PUT', path, { token: boss.token, body: { visibility } });
    expect(await found('quetzalcoatl')).toEqual([id]);
    expect(await set('participants')).toMatchObject({ status: 200 });
    for (const who of [ada, boss])
      for (const word of ['quetzalcoatl', 'xoloitzcuintle', 'xoloitzcuintel', 'termin'])
        expect([word, (await answered(word, who)).meta.total]).toEqual([word, 0]);
    const { body: inquiry } = await slice.http('GET', `/api/v1/inquiries/${id}`, { token: boss.token });
    const { data } = await answered(inquiry.reference as string);
    expect(data).toMatchObject([{ id, title: inquiry.reference, subtitle: inquiry.reference }]);
    expect(JSON.stringify(data)).not.toMatch(/quetzal|xolo/i);
    await set('all');
    expect(await found('xoloitzcuintle')).toEqual([id]);
  });
});
