import { definePermissions } from '@app/kernel';
import { Provides, type RecordFields, RecordFieldsPort, runAsSystem } from '@app/platform';
import { bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { Injectable, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthFacade } from '../auth.facade.js';
import { authContexts, type SignedIn, signIn } from '../testing.js';

definePermissions('field-notes', { read: 'Read notes with fields' });

@Injectable()
@Provides(RecordFieldsPort)
class NoteFields implements RecordFields {
  readonly kind = 'field-notes';
  readonly fields = {
    text: { about: 'What it says' },
    author: { about: 'Who wrote it', also: ['authorName'] },
    editor: { about: 'Who changed it', also: ['authorName'] },
  };
}

@Module({ providers: [NoteFields] })
class NotesModule {}

const rule = (field: string, right: string, record = 'field-notes') => ({ record, field, right });

describe('Field rights', () => {
  let slice: Slice;
  let admin: SignedIn;
  const grants = [
    'roles:read',
    'roles:manage',
    'users:read',
    'users:update',
    'service-tokens:manage',
    'service-tokens:read',
  ];
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, modules: [NotesModule] });
    admin = await signIn(slice, { grants });
  });
  afterAll(() => slice?.close());

  const call = (method: 'GET' | 'PUT' | 'POST', path: string, body?: object, as = admin) =>
    slice.http(method, `/api/v1/${path}`, { token: as.token, body });
  const roleOf = async ({ userId }: SignedIn): Promise<string> =>
    (await slice.superuser.query('select role_id from user_roles where user_id = $1', [userId])).rows[0].role_id;
  const rulesOf = async (as: SignedIn) => (await call('GET', 'auth/permissions', undefined, as)).body.fieldRights;

  it('are offered for the fields that contexts declare', async () => {
    const { body } = await call('GET', 'field-rights/catalogue');
    expect(body.rights).toEqual(['write', 'hidden', 'read']);
    expect(body.records).toContainEqual({
      record: 'field-notes',
      fields: [
        { name: 'text', description: 'What it says', goesWith: [] },
        { name: 'author', description: 'Who wrote it', goesWith: ['authorName'] },
        { name: 'editor', description: 'Who changed it', goesWith: ['authorName'] },
      ],
      hasCustomFields: false,
    });
  });

  it('are set for a role, hold from the next request of its holders on, and are taken back', async () => {
    const clerk = await signIn(slice, { grants: ['users:read'] });
    const id = await roleOf(clerk);
    expect(await rulesOf(clerk)).toEqual([]);
    const set = await call('PUT', `roles/${id}/field-rights`, {
      rules: [rule('text', 'read'), rule('author', 'hidden')],
    });
    expect([set.status, set.body.rules]).toEqual([200, [rule('author', 'hidden'), rule('text', 'read')]]);
    expect(set.headers.etag).toBe('"2"');
    expect((await call('GET', `roles/${id}/field-rights`)).body).toEqual(set.body);
    expect(await rulesOf(clerk)).toEqual([
      rule('author', 'hidden'),
      rule('authorName', 'hidden'),
      rule('text', 'read'),
    ]);
    await call('PUT', `roles/${id}/field-rights`, { rules: [] });
    expect(await rulesOf(clerk)).toEqual([]);
  });

  it('are the widest that the roles of somebody give', async () => {
    const clerk = await signIn(slice, {
      grants: ['users:read'],
      fieldRules: { 'field-notes': { text: 'hidden', author: 'hidden', editor: 'read' } },
    });
    const other = await signIn(slice, {
      grants: [],
      fieldRules: { 'field-notes': { text: 'read', author: 'hidden' } },
    });
    expect(await rulesOf(clerk)).toHaveLength(4);
    await call('PUT', `users/${clerk.userId}/roles`, { roles: [await roleOf(clerk), await roleOf(other)] });
    expect(await rulesOf(clerk)).toEqual([
      rule('author', 'hidden'),
      rule('authorName', 'hidden'),
      rule('text', 'read'),
    ]);
    const open = await signIn(slice, { grants: [] });
    await call('PUT', `users/${clerk.userId}/roles`, { roles: [await roleOf(clerk), await roleOf(open)] });
    expect(await rulesOf(clerk)).toEqual([]);
  });

  it('hold for service tokens as for who made them, and for work done later in their name', async () => {
    const maker = await signIn(slice, { grants, fieldRules: { 'field-notes': { text: 'hidden' } } });
    const made = await call('POST', 'service-tokens', { name: 'Clerk', grants: ['users:read'] }, maker);
    const mine = async () =>
      (await slice.http('GET', '/api/v1/auth/permissions', { headers: { 'x-api-key': made.body.key } })).body
        .fieldRights;
    expect(await mine()).toEqual([rule('text', 'hidden')]);
    const acting = await runAsSystem(TENANT, 'auth.test', 'test', () => slice.get(AuthFacade).actorOf(maker.userId));
    expect(acting?.fieldRights?.rules).toEqual({ 'field-notes': { text: 'hidden' } });
    await call('PUT', `roles/${await roleOf(maker)}/field-rights`, { rules: [rule('text', 'read')] });
    expect(await mine()).toEqual([rule('text', 'read')]);
  });

  it.each([
    [rule('version', 'hidden'), '/rules/0/field', /which record it is/],
    [rule('authorName', 'hidden'), '/rules/0/field', /goes with author/],
    [rule('constructor', 'hidden'), '/rules/0/field', /which record it is/],
    [rule('text', 'hidden', 'ghosts'), '/rules/0/record', /no record ghosts/],
    [rule('cf.size', 'hidden'), '/rules/0/field', /which record it is/],
  ])('are refused for %o, with the reason', async (one, pointer, message) => {
    const { status, body } = await call('PUT', `roles/${await roleOf(admin)}/field-rights`, { rules: [one] });
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'field_not_restrictable', pointer]);
    expect(body.errors[0].message).toMatch(message);
  });

  it('are one for each field, and of known names', async () => {
    const path = `roles/${await roleOf(admin)}/field-rights`;
    const twice = await call('PUT', path, { rules: [rule('text', 'read'), rule('text', 'hidden')] });
    expect([twice.status, twice.body.errors[0].pointer]).toEqual([422, '/rules/1/field']);
    const odd = await call('PUT', path, { rules: [rule('text', 'write')] });
    expect([odd.status, odd.body.errors[0].pointer]).toEqual([400, '/rules/0/right']);
  });

  it('are not lifted by those whom they hold, nor by way of a colleague', async () => {
    const kept = await signIn(slice, { grants, fieldRules: { 'field-notes': { text: 'hidden' } } });
    const own = await roleOf(kept);
    const open = await signIn(slice, { grants: ['users:read'] });
    const tries = [
      await call('PUT', `roles/${own}/field-rights`, { rules: [] }, kept),
      await call('PUT', `roles/${own}/field-rights`, { rules: [rule('text', 'read')] }, kept),
      await call('PUT', `users/${kept.userId}/roles`, { roles: [own, await roleOf(open)] }, kept),
    ];
    expect(tries.map(({ status, body }) => `${status} ${body.code}`)).toEqual(
      Array(3).fill('403 exceeds_own_field_rights'),
    );
    expect(await rulesOf(kept)).toEqual([rule('text', 'hidden')]);
    const tighter = await call(
      'PUT',
      `roles/${own}/field-rights`,
      { rules: [rule('text', 'hidden'), rule('editor', 'read')] },
      kept,
    );
    expect(tighter.status).toBe(200);
  });

  it('are not set on a role by who does not hold what it grants', async () => {
    const above = await signIn(slice, { grants: ['users:create'] });
    const { status, body } = await call('PUT', `roles/${await roleOf(above)}/field-rights`, {
      rules: [rule('text', 'hidden')],
    });
    expect([status, body.code]).toEqual([403, 'exceeds_own_grants']);
  });
});
