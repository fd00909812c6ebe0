import type { FieldRules } from '@app/kernel';
import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CustomerPermissions as may } from './customer.policy.js';
import { customersContexts } from './testing.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const HIDDEN: FieldRules = { customers: { phone: 'hidden', birthday: 'hidden', lastName: 'hidden', level: 'read' } };

describe('customers, of whom some fields are kept from a role', () => {
  let slice: Slice;
  let admin: SignedIn;
  let kept: SignedIn;
  let customer: { id: string; version: number };
  const word = `Quillfeather${newId().slice(-6)}`;
  const number = `+4930${String(Date.now()).slice(-8)}`;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    const grants = [...Object.values(may)];
    admin = await signIn(slice, { grants });
    kept = await signIn(slice, { grants, fieldRules: HIDDEN });
    const body = { firstName: 'Ottoline', lastName: word, phone: number, birthday: '1986-05-17', company: 'Blue Mill' };
    customer = (await call('POST', '', body, admin)).body;
  });
  afterAll(() => slice.close());

  const call = (method: Method, path: string, body?: unknown, by: SignedIn = kept) =>
    slice.http(method, `/api/v1/customers${path}`, { token: by.token, body });

  it('are told without them: the keys are absent', async () => {
    const { status, body, headers } = await call('GET', `/${customer.id}`);
    expect([status, headers.etag]).toEqual([200, '"1"']);
    for (const key of ['phone', 'birthday', 'lastName', 'contactPoints']) expect(body).not.toHaveProperty(key);
    expect(body).toMatchObject({
      id: customer.id,
      firstName: 'Ottoline',
      company: 'Blue Mill',
      level: null,
      version: 1,
    });
    expect((await call('GET', `/${customer.id}`, undefined, admin)).body).toMatchObject({
      lastName: word,
      phone: number,
    });
  });

  it('are listed and searched without them', async () => {
    const pages = [await call('GET', '?firstName=Ottoline'), await call('POST', '/search', { where: { all: [] } })];
    for (const { status, body } of pages) {
      expect([status, body.data.length > 0]).toEqual([200, true]);
      expect(JSON.stringify(body)).not.toContain(word);
      expect(JSON.stringify(body)).not.toContain(number);
    }
  });

  it.each([
    'phone=1',
    'phone[null]=false',
    'birthdayMonth=5',
    'birthday[gt]=1980-01-01',
    'lastName[starts]=Q',
    'sort=lastName',
    'fields=phone',
    'fields=contactPoints',
  ])('are asked for by %s as by a field that never was', async (query) => {
    const [name] = query.split(/[=[]/);
    const refused = await call('GET', `?${query}`);
    const unknown = await call(
      'GET',
      `?${query.replace(/phone|birthdayMonth|birthday|lastName|contactPoints/, 'nothing')}`,
    );
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_query']);
    const code = ({ body }: typeof refused): string => body.errors[0].code;
    expect([name, code(refused)]).toEqual([name, code(unknown)]);
    expect((await call('GET', `?${query}`, undefined, admin)).status).toBe(200);
  });

  it('are not sought by them in a condition', async () => {
    const where = { field: 'phone', op: 'eq', value: number };
    const { status, body } = await call('POST', '/search', { where });
    expect([status, body.errors[0].code]).toEqual([400, 'unknown_field']);
    expect((await call('POST', '/search', { where }, admin)).body.data).toHaveLength(1);
  });

  it('are not found by words of them, and still by the others', async () => {
    const found = async (q: string, by: SignedIn): Promise<number> =>
      (await call('GET', `?q=${encodeURIComponent(q)}`, undefined, by)).body.data.length;
    expect(await Promise.all([word, number, 'Ottoline Blue'].map((q) => found(q, admin)))).toEqual([1, 1, 1]);
    expect(await Promise.all([word, number, `Ottoline ${word}`].map((q) => found(q, kept)))).toEqual([0, 0, 0]);
    expect(await found('ottoline blue', kept)).toBe(1);
  });

  it.each([
    ['PATCH', { firstName: 'Else', phone: '+4930999999' }, ['/phone']],
    ['PATCH', { lastName: 'Else', birthday: null }, ['/lastName', '/birthday']],
    ['PATCH', { metadata: {}, contactPoints: [] }, ['/contactPoints']],
  ] as const)('are not written: %s %o', async (method, body, pointers) => {
    const before = (await call('GET', `/${customer.id}`, undefined, admin)).body;
    const refused = await call(method, `/${customer.id}`, body);
    expect([refused.status, refused.body.code]).toEqual([403, 'field_forbidden']);
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
    expect((await call('GET', `/${customer.id}`, undefined, admin)).body).toEqual(before);
  });

  it('are not emptied by a body that leaves them out', async () => {
    const refused = await call('PUT', `/${customer.id}`, { firstName: 'Else' });
    expect([refused.status, refused.body.code]).toEqual([403, 'field_forbidden']);
    const changed = await call('PATCH', `/${customer.id}`, { company: 'Red Mill' });
    expect(changed.status).toBe(200);
    expect(changed.body).not.toHaveProperty('phone');
    expect((await call('GET', `/${customer.id}`, undefined, admin)).body).toMatchObject({
      lastName: word,
      phone: number,
    });
  });

  it('are not changed by way of their contact points', async () => {
    const { contactPoints } = (await call('GET', `/${customer.id}`, undefined, admin)).body;
    const path = `/${customer.id}/contact-points`;
    const refused = [
      await call('POST', path, { kind: 'email', value: 'a@b.example' }),
      await call('PATCH', `${path}/${contactPoints[0].id}`, { label: 'x' }),
      await call('DELETE', `${path}/${contactPoints[0].id}`),
    ];
    expect(refused.map(({ status, body }) => `${status} ${body.code}`)).toEqual(Array(3).fill('403 field_forbidden'));
  });

  it('leave as files without them', async () => {
    for (const format of ['csv', 'ndjson']) {
      const { status, body } = await call('GET', `/export?format=${format}`);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      expect(status).toBe(200);
      expect(text).toContain('Ottoline');
      for (const secret of [word, number, 'lastName', 'birthday', 'contactPoints', '1986'])
        expect(text).not.toContain(secret);
    }
    expect((await call('GET', '/export?fields=phone')).status).toBe(400);
  });

  it('have a history without them', async () => {
    await call('PATCH', `/${customer.id}`, { phone: '+4930777777', company: 'Green Mill' }, admin);
    const text = JSON.stringify((await call('GET', `/${customer.id}/history`)).body);
    expect(text).toContain('Green Mill');
    for (const secret of [word, number.slice(1), '4930777777', '1986']) expect(text).not.toContain(secret);
  });

  it('are known to ClientForge’s clients without them as well', async () => {
    const get = (path: string, by = kept) => slice.http('GET', `/api/v1/contacts${path}`, { token: by.token });
    const { status, body } = await get(`/${customer.id}`);
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('phone');
    expect((await get('?sort=lastName')).status).toBe(400);
    const put = await slice.http('PUT', `/api/v1/contacts/${customer.id}`, { token: kept.token, body: { phone: '' } });
    expect([put.status, put.body.code]).toEqual([403, 'field_forbidden']);
  });
});
