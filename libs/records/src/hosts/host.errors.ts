import { Forbidden, type Permission, RuleBroken } from '@app/kernel';

export class RecordKindUnknown extends RuleBroken {
  constructor(known: readonly string[]) {
    const message = `Nothing hangs on records of this kind, but on ${known.join(', ')}`;
    const errors = [{ pointer: '/recordKind', code: 'record_kind_unknown', message }];
    super('record_kind_unknown', message, { known, errors });
  }
}

/** It may be seen; to hang something on it is to change it. */
export class RecordOutOfReach extends Forbidden {
  constructor(permission: Permission) {
    super('record_out_of_reach', `The permission ${permission.name} does not reach this record`, {
      permission: permission.name,
    });
  }
}
