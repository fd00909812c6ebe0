import { newId } from '@app/kernel';
import { anActor, bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalPermissions } from '../requests/approval.policy.js';
import { approvalsContexts, tokenFor } from '../testing.js';
import { DOCUMENT, documentsContext } from '../testing/documents-context.js';

const URL = '/api/v1/approval-policies';

describe('/approval-policies', () => {
  let slice: Slice;
  let token: string;
  const rules = { name: 'Small team', allowSelfApproval: true, isActive: true };
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...approvalsContexts, documentsContext] });
    token = await tokenFor(slice, anActor([ApprovalPermissions.read, ApprovalPermissions.manage]));
  });
  beforeEach(() => slice.empty('approval_policies'));
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

  describe('with rules', () => {
    const stage = { approvers: { kind: 'anyone' }, required: 2 };
    const urgent = { name: 'Urgent', when: { field: 'priority', op: 'eq', value: 'urgent' } };
    const withRules = (...given: object[]) => put({ ...rules, rules: given });

    it('keeps them in their order, and shows them as they were set', async () => {
      const short = { name: 'Short', when: { field: 'pages', op: 'lt', value: 2 }, outcome: 'none' };
      const { body } = await withRules({ ...urgent, outcome: 'approval', stages: [stage] }, short);
      const shown = [
        { ...urgent, outcome: 'approval', stages: [{ approvers: { kind: 'anyone', ids: [] }, required: 2 }] },
        short,
      ];
      expect(body.rules).toEqual(shown);
      expect((await get()).body.data[0].rules).toEqual(shown);
      expect((await put(rules)).body.rules).toEqual([]);
    });

    it.each<[string, object, string, string]>([
      ['an unknown fact', { when: { field: 'colour', op: 'eq', value: 1 } }, '/rules/0/when/field', 'unknown_field'],
      ['no condition', { when: { either: [] } }, '/rules/0/when', 'invalid_condition'],
      ['no stages', { stages: [] }, '/rules/0/stages', 'array_min_size'],
      ['stages of no approval', { outcome: 'none' }, '/rules/0/stages', 'must_be_absent'],
      ['nobody to agree', { stages: [{ ...stage, required: 0 }] }, '/rules/0/stages/0/required', 'min'],
      [
        'roles that are not named',
        { stages: [{ approvers: { kind: 'role' }, required: 1 }] },
        '/rules/0/stages/0/approvers/ids',
        'invalid_approvers',
      ],
    ])('refuses %s', async (_, over, pointer, code) => {
      const answer = await withRules({ ...urgent, outcome: 'approval', stages: [stage], ...over });
      expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer, code }] });
    });

    it.each(['users', 'role'])('refuses %s that are not there', async (kind) => {
      const ids = [newId()];
      const stages = [{ approvers: { kind, ids }, required: 1 }];
      const { body } = await withRules({ ...urgent, outcome: 'approval', stages });
      expect(body).toMatchObject({ status: 422, code: 'approver_unknown', ids });
    });
  });

  it('wants another permission to set than to read', async () => {
    const reader = await tokenFor(slice, anActor(['approvals:read_own']));
    expect((await get(`/${DOCUMENT}`, reader)).status).toBe(200);
    const answer = await slice.http('PUT', `${URL}/${DOCUMENT}`, { token: reader, body: rules });
    expect(answer.body).toMatchObject({ status: 403, permission: 'approvals:manage' });
  });

  it('is of its tenant alone', async () => {
    await put(rules);
    const stranger = await tokenFor(slice, anActor([ApprovalPermissions.read], { tenantId: OTHER_TENANT }));
    expect((await get(`/${DOCUMENT}`, stranger)).body).toMatchObject({ allowSelfApproval: false, version: 0 });
  });
});
