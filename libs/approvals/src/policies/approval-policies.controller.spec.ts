import { anActor, bootSlice, OTHER_TENANT, type Slice, tokenOf, TokenDoorModule } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approvalsContext } from '../index.js';
import { ApprovalPermissions } from '../requests/approval.policy.js';
import { DOCUMENT, documentsContext } from '../testing/documents-context.js';

const URL = '/api/v1/approval-policies';

describe('/approval-policies', () => {
  let slice: Slice;
  const token = tokenOf(anActor([ApprovalPermissions.read, ApprovalPermissions.manage]));
  const rules = { name: 'Small team', allowSelfApproval: true, isActive: true };
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [approvalsContext, documentsContext], modules: [TokenDoorModule] });
  });
  beforeEach(() => slice.superuser.query('truncate approval_policies'));
  afterAll(() => slice.close());

  const put = (body: object, headers: Record<string, string> = {}, kind = DOCUMENT) =>
    slice.http('PUT', `${URL}/${kind}`, { token, body, headers });
  const get = (path = '', as = token) => slice.http('GET', `${URL}${path}`, { token: as });

  it('shows the default that counts for a kind without a policy of its own', async () => {
    const inForce = { subjectKind: DOCUMENT, required: 1, allowSelfApproval: false, isActive: true, version: 0 };
    expect((await get(`/${DOCUMENT}`)).body).toMatchObject(inForce);
    expect((await get()).body).toMatchObject({ data: [inForce], meta: { total: 1 } });
  });

  it('sets and replaces a policy, not over what its writer has not seen', async () => {
    const created = await put(rules, { 'if-match': '"0"' });
    expect(created.body).toMatchObject({ ...rules, subjectKind: DOCUMENT, required: 1, version: 1 });
    expect(created.headers.etag).toBe('"1"');
    expect((await put({ ...rules, name: 'Others' }, { 'if-match': '"1"' })).body).toMatchObject({
      name: 'Others',
      version: 2,
    });
    expect((await put(rules, { 'if-match': '"1"' })).body).toMatchObject({
      status: 412,
      code: 'version_conflict',
      current: 2,
    });
    expect((await put(rules, { 'if-match': '"0"' })).status).toBe(412);
    expect((await get()).body).toMatchObject({ data: [{ name: 'Others' }], meta: { total: 1 } });
  });

  it('makes one policy of ten set at once', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => put({ ...rules, name: `Set ${index}` })));
    expect((await slice.superuser.query('select version from approval_policies')).rows).toEqual([{ version: 10 }]);
  });

  it.each([
    ['an empty name', { ...rules, name: ' ' }],
    ['an absent switch', { name: 'Small team', isActive: true }],
    ['a number of approvals, which is not to be set', { ...rules, required: 0 }],
  ])('refuses %s', async (_, body) => {
    expect((await put(body)).status).toBe(400);
  });

  it('refuses what is no kind of subject', async () => {
    expect((await put(rules, {}, 'No%20Kind')).body).toMatchObject({
      status: 400,
      errors: [{ pointer: 'path/subjectKind' }],
    });
  });

  it('wants another permission to set than to read', async () => {
    const reader = tokenOf(anActor(['approvals:read_own']));
    expect((await get(`/${DOCUMENT}`, reader)).status).toBe(200);
    const answer = await slice.http('PUT', `${URL}/${DOCUMENT}`, { token: reader, body: rules });
    expect(answer.body).toMatchObject({ status: 403, permission: 'approvals:manage' });
  });

  it('is of its tenant alone', async () => {
    await put(rules);
    const stranger = tokenOf(anActor([ApprovalPermissions.read], { tenantId: OTHER_TENANT }));
    expect((await get(`/${DOCUMENT}`, stranger)).body).toMatchObject({ allowSelfApproval: false, version: 0 });
  });
});
