import { RouteCatalogue } from '@app/platform';
import { signIn } from '@app/auth/testing';
import { declaredPermissions, newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts } from '../../../contexts.js';

/** What nobody does in the name of another; what always asks for a step-up is refused without standing here. */
const IN_PERSON = [
  ...[
    'POST /approvals/:id/approve',
    'POST /approvals/:id/reject',
    'POST /approvals/bulk-decide',
    'POST /approvals/delegations',
    'DELETE /approvals/delegations/:id',
  ],
  ...[
    'POST /responses/:id/approve',
    'POST /responses/:id/reject',
    'POST /responses/:id/delegate',
    'POST /worklogs/approve',
    'POST /worklogs/:id/reopen',
  ],
  ...[
    'POST /auth/password/change',
    'PUT /auth/profile',
    'PATCH /auth/profile',
    'POST /auth/sso/:provider/link',
    'POST /auth/logout-all',
    'DELETE /auth/sessions/:id',
  ],
  ...[
    'GET /auth/mfa',
    'POST /auth/mfa/totp',
    'POST /auth/mfa/totp/confirm',
    'POST /auth/mfa/totp/remove',
    'POST /auth/mfa/recovery-codes',
  ],
  ...[
    'GET /auth/passkeys',
    'POST /auth/passkeys/options',
    'POST /auth/passkeys',
    'DELETE /auth/passkeys/:id',
    'POST /auth/step-up',
    'POST /auth/step-up/passkey',
  ],
  ...['GET /service-tokens', 'GET /service-tokens/:id', 'POST /service-tokens', 'DELETE /service-tokens/:id'],
  ...[
    'GET /sso-providers',
    'GET /sso-providers/:id',
    'POST /sso-providers',
    'PATCH /sso-providers/:id',
    'DELETE /sso-providers/:id',
    'POST /sso-providers/:id/domains/:domain/verify',
  ],
  ...['POST /roles', 'PUT /roles/:id', 'PATCH /roles/:id', 'DELETE /roles/:id'],
  ...['PUT /roles/:id/field-rights', 'PUT /scim-groups/:id/roles'],
  ...[
    'POST /users',
    'PUT /users/:id',
    'PATCH /users/:id',
    'DELETE /users/:id',
    'PUT /users/:id/roles',
    'POST /users/:id/activate',
    'POST /users/:id/deactivate',
  ],
  ...['POST /users/:id/handover', 'POST /users/:id/impersonate', 'PUT /users/:id/break-glass', 'DELETE /users/:id/mfa'],
];

/** Where a new route is in person unless somebody says why not. */
const OUGHT = [
  /^\/auth\//,
  /^\/(users|roles|scim-groups|service-tokens|sso-providers)(\/|$)/,
  /\/(approve|reject|bulk-decide|delegate|delegations)(\/|$)/,
];
const OTHERWISE: Readonly<Record<string, string>> = {
  'POST /auth/logout': 'it ends it',
};

describe('Whoever acts as somebody else', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...contexts] });
  });
  afterAll(() => slice?.close());

  const routes = () => slice.get(RouteCatalogue).all();

  it('is kept out of what the list names, and of nothing that it does not name', () => {
    const inPerson = routes().filter(({ isInPerson, access }) => isInPerson && access?.kind !== 'public');
    expect(inPerson.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...IN_PERSON].sort());
  });

  it('is kept out of every route that says who somebody is, or decides: a new one fails here until it says so', () => {
    const open = routes().filter(
      ({ method, path, access, isInPerson, isSteppedUp }) =>
        method !== 'GET' &&
        access?.kind !== 'public' &&
        !isInPerson &&
        !isSteppedUp &&
        OUGHT.some((one) => one.test(path)),
    );
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual(Object.keys(OTHERWISE));
  });

  it('gets the same refusal from each of them, whatever they may do', async () => {
    const everything = [...declaredPermissions().values()];
    const admin = await signIn(slice, { grants: everything });
    const other = await signIn(slice, { grants: everything });
    const begun = await slice.http('POST', `/api/v1/users/${other.userId}/impersonate`, {
      token: admin.token,
      body: { reason: 'To see what is refused' },
    });
    expect(begun.status).toBe(201);
    const refused = routes().filter(({ isInPerson, access }) => isInPerson && access?.kind !== 'public');
    for (const { method, path } of refused) {
      const url = `/api/v1${path.replace(/:\w+/g, () => newId())}`;
      const { status, body } = await slice.http(method as 'POST', url, {
        token: begun.body.accessToken,
        ...(method !== 'GET' && { body: {} }),
      });
      expect([method, path, status, body.code]).toEqual([method, path, 403, 'impersonation_refused']);
    }
  });
});
