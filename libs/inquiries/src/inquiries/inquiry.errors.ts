import { Conflict, Forbidden, Invalid, type Permission, RuleBroken } from '@app/kernel';

/** Somebody was faster, or has it for long. */
export class AlreadyTaken extends Conflict {
  constructor(
    readonly inquiryId: string,
    readonly assignee: { readonly id: string; readonly name: string | null },
  ) {
    super('already_taken', `The inquiry is already with ${assignee.name ?? 'somebody else'}`, { assignedTo: assignee });
  }
}

/** What is closed or spam is nobody's work. */
export class NothingToDo extends Conflict {
  constructor(status: string) {
    super('inquiry_not_workable', `Nobody takes an inquiry that is ${status}; reopen or restore it first`, {
      state: status,
    });
  }
}

export class NotYours extends Forbidden {
  constructor() {
    super('not_yours', 'Only the one who has an inquiry, or who may assign it, gives it back');
  }
}

/** The record may be read by the caller, but this is not the caller's to do. */
export class OutOfReach extends Forbidden {
  constructor(permission: Permission) {
    super('out_of_reach', `The permission ${permission.name} does not reach this inquiry`, {
      permission: permission.name,
    });
  }
}

export class HoldNeedsReason extends Invalid {
  constructor() {
    super('hold_needs_reason', 'An inquiry is put on hold for a reason', {
      errors: [{ pointer: '/reason', code: 'required', message: 'is required to put an inquiry on hold' }],
    });
  }
}

export class AssigneeUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no active user with this id';
    super('assignee_unknown', message, { errors: [{ pointer: '/assignedTo', code: 'assignee_unknown', message }] });
  }
}

export class TeamUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no team with this id';
    super('team_unknown', message, { errors: [{ pointer: '/teamId', code: 'team_unknown', message }] });
  }
}

/** What is over is re-opened before it is answered. */
export class InquiryNotAnswerable extends Conflict {
  constructor(status: string) {
    super('inquiry_not_answerable', `An inquiry that is ${status} is not answered; reopen or restore it first`, {
      state: status,
    });
  }
}
