import { Forbidden, Invalid } from '@app/kernel';
import { AuthzPermissions } from './authz.policy.js';

const at = (pointer: string, code: string, message: string) => ({ errors: [{ pointer, code, message }] });

export class PermissionUnknown extends Invalid {
  constructor(name: string) {
    super(
      'permission_unknown',
      `There is no permission ${name}`,
      at('query/permission', 'permission_unknown', 'is none'),
    );
  }
}

export class RecordKindUnknown extends Invalid {
  constructor(kinds: readonly string[]) {
    const message = `is of none of these kinds: ${kinds.join(', ')}`;
    super('record_kind_unknown', `The record ${message}`, at('query/record', 'record_kind_unknown', message));
  }
}

/** The permission asks nothing of such records. */
export class PermissionOfOtherRecords extends Invalid {
  constructor(permission: string, kind: string) {
    super(
      'permission_of_other_records',
      `The permission ${permission} is not about ${kind}`,
      at('query/record', 'permission_of_other_records', `is not what ${permission} is about`),
    );
  }
}

export class OthersNotExplained extends Forbidden {
  constructor() {
    const { name } = AuthzPermissions.explain;
    super('permission_missing', `Asking about others needs the permission ${name}`, { permission: name });
  }
}
