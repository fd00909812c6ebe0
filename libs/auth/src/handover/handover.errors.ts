import { Forbidden, Invalid, RuleBroken } from '@app/kernel';
import { UserPermissions } from '../users/user.policy.js';

const at = (pointer: string, code: string, message: string) => ({ errors: [{ pointer, code, message }] });

export class HandoverToSelf extends Invalid {
  constructor() {
    super('handover_to_self', 'It passes to somebody else', at('/to', 'handover_to_self', 'is the one who hands over'));
  }
}

export class HandoverKindUnknown extends Invalid {
  constructor(unknown: readonly string[], known: readonly string[]) {
    super(
      'handover_kind_unknown',
      `Nothing of this kind passes on: ${unknown.join(', ')}. There are: ${known.join(', ')}`,
      at('/kinds', 'handover_kind_unknown', `has others than ${known.join(', ')}`),
    );
  }
}

/** Nobody, or somebody who may not come in. */
export class RecipientUnavailable extends RuleBroken {
  constructor() {
    super(
      'recipient_unavailable',
      'Work passes to an active user',
      at('/to', 'recipient_unavailable', 'is no active user'),
    );
  }
}

export class DeactivationDenied extends Forbidden {
  constructor() {
    const { name } = UserPermissions.deactivate;
    super('permission_missing', `This needs the permission ${name}`, { permission: name });
  }
}
