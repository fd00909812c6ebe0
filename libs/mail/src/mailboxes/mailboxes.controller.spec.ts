import { authContexts, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailContext } from '../index.js';

const ROUTE = '/api/v1/mailboxes';

describe('A mailbox over HTTP', () => {
  let slice: Slice;
  let token: string;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, mailContext] });
    token = (await signIn(slice, { grants: ['mailboxes:read', 'mailboxes:manage', 'teams:manage'] })).token;
  });
  beforeEach(() => slice.empty('mailboxes'));
  afterAll(() => slice?.close());

  type Method = Parameters<Slice['http']>[0];
  const call = (method: Method, path = '', body?: object, headers?: Record<string, string>) =>
    slice.http(method, `${ROUTE}${path}`, { token, ...(body && { body }), ...(headers && { headers }) });
  const aTeam = async (): Promise<string> => {
    const teamId = newId();
    await signIn(slice, { teams: [teamId] });
    return teamId;
  };
  const open = (over: object = {}) => call('POST', '', { address: 'support@acme.example', name: 'Support', ...over });

  it('is opened with a Location, its address in its one spelling; the first is the default', async () => {
    const { status, headers, body } = await open({ address: 'Support@ACME.example' });
    expect({ status, location: headers.location, etag: headers.etag }).toEqual({
      status: 201,
      location: `${ROUTE}/${body.id}`,
      etag: '"1"',
    });
    expect(body).toMatchObject({
      address: 'support@acme.example',
      teamId: null,
      isDefault: true,
      createsCustomers: true,
      signsReplyAddress: false,
      authServer: null,
    });
    expect((await open({ address: 'sales@acme.example' })).body.isDefault).toBe(false);
  });

  it('hands over the default, and there is never more than one', async () => {
    const { body: first } = await open();
    const { body: second } = await open({ address: 'sales@acme.example', isDefault: true });
    expect((await call('GET', `/${first.id}`)).body.isDefault).toBe(false);
    await Promise.all(
      [first, second].flatMap(({ id }) =>
        Array.from({ length: 5 }, () => call('PATCH', `/${id}`, { isDefault: true })),
      ),
    );
    const { body } = await call('GET', '?isDefault=true');
    expect(body.meta.total).toBe(1);
  });

  it('has an address of its own, until it is in the trash', async () => {
    const { body: first } = await open();
    expect(await open()).toMatchObject({ status: 409, body: { code: 'mailbox_address_taken' } });
    expect((await call('DELETE', `/${first.id}`)).status).toBe(204);
    const { body: second } = await open();
    expect(second.isDefault).toBe(true);
    expect(await call('POST', `/${first.id}/restore`)).toMatchObject({
      status: 409,
      body: { code: 'mailbox_address_taken' },
    });
    expect(await call('PATCH', `/${first.id}`, { name: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'mailbox_in_trash' },
    });
    await call('DELETE', `/${second.id}`);
    expect((await call('GET')).body.data).toEqual([]);
    expect((await call('GET', '?trashed=true')).body.meta.total).toBe(2);
    expect(await call('POST', `/${first.id}/restore`)).toMatchObject({ status: 200, body: { deletedAt: null } });
  });

  it('is changed in part by PATCH and as a whole by PUT, where it was not changed by others', async () => {
    const teamId = await aTeam();
    const { body: mailbox } = await open({ authServer: 'MX.acme.example', teamId });
    const patched = await call(
      'PATCH',
      `/${mailbox.id}`,
      { createsCustomers: false, teamId: null },
      { 'if-match': '"1"' },
    );
    expect(patched.body).toMatchObject({
      createsCustomers: false,
      teamId: null,
      authServer: 'mx.acme.example',
      version: 2,
    });
    expect(await call('PATCH', `/${mailbox.id}`, { name: 'x' }, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
    const put = await call('PUT', `/${mailbox.id}`, { address: 'help@acme.example', name: 'Help' });
    expect(put.body).toMatchObject({
      address: 'help@acme.example',
      authServer: null,
      createsCustomers: true,
      isDefault: false,
    });
  });

  it.each([
    ['address', { address: 'nobody' }],
    ['address', { address: 'a b@acme.example' }],
    ['address', { address: null }],
    ['name', { name: 'a\r\nBcc: x' }],
    ['name', { name: '' }],
    ['teamId', { teamId: 'x' }],
    ['isDefault', { isDefault: null }],
    ['signsReplyAddress', { signsReplyAddress: 'yes' }],
    ['authServer', { authServer: 'a b' }],
    ['owner', { owner: 'me' }],
  ])('refuses a wrong %s: %j', async (field, over) => {
    const { status, body } = await open(over);
    expect(status).toBe(400);
    expect(body.errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer: `/${field}` })]));
  });

  it('asks for its permissions and is not seen by another tenant', async () => {
    const { body } = await open();
    const reader = (await signIn(slice, { grants: ['mailboxes:read'] })).token;
    const as = (who: string, method: Method, path = '') => slice.http(method, `${ROUTE}${path}`, { token: who });
    expect((await as(reader, 'GET', `/${body.id}`)).status).toBe(200);
    expect((await as(reader, 'DELETE', `/${body.id}`)).status).toBe(403);
    const stranger = (await signIn(slice, { grants: ['mailboxes:read', 'mailboxes:manage'], tenantId: OTHER_TENANT }))
      .token;
    expect((await as(stranger, 'GET', `/${body.id}`)).status).toBe(404);
    expect((await as(stranger, 'DELETE', `/${body.id}`)).status).toBe(404);
    expect((await as(stranger, 'GET')).body.data).toEqual([]);
  });

  it('outlives its team', async () => {
    const teamId = await aTeam();
    const { body } = await open({ teamId });
    expect((await slice.http('DELETE', `/api/v1/teams/${teamId}`, { token })).status).toBe(204);
    expect((await call('GET', `/${body.id}`)).body.teamId).toBeNull();
  });

  it('is of no team that there is not, nor of another tenant’s', async () => {
    const foreign = newId();
    await signIn(slice, { tenantId: OTHER_TENANT, teams: [foreign] });
    const { body: mailbox } = await open();
    const refused = { status: 422, body: { code: 'team_unknown', errors: [{ pointer: '/teamId' }] } };
    for (const teamId of [newId(), foreign]) {
      expect(await open({ address: 'sales@acme.example', teamId })).toMatchObject(refused);
      expect(await call('PATCH', `/${mailbox.id}`, { teamId })).toMatchObject(refused);
    }
    expect((await call('GET')).body.data).toMatchObject([{ id: mailbox.id, teamId: null, version: 1 }]);
  });
});
