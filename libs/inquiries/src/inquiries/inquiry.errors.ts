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

export class PermissionMissing extends Forbidden {
  constructor(permission: string) {
    super('permission_missing', `This needs the permission ${permission}`, { permission });
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

export class WatcherUnknown extends RuleBroken {
  constructor() {
    super('watcher_unknown', 'There is no active user with this id');
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

export class SnoozeOutOfRange extends RuleBroken {
  constructor() {
    const message = 'must lie in the future and within a year';
    super('snooze_out_of_range', `The time to wake ${message}`, {
      errors: [{ pointer: '/until', code: 'snooze_out_of_range', message }],
    });
  }
}

export class NotSnoozed extends Conflict {
  constructor(id: string) {
    super('inquiry_not_snoozed', 'The inquiry is not snoozed', { id });
  }
}

/** Answers, notes and what a machine wrote are no matter of their own. */
export class NotOfTheCustomer extends RuleBroken {
  constructor(messageId: string) {
    super('not_of_the_customer', 'Only what the customer wrote becomes an inquiry of its own', { messageId });
  }
}

export class MessageAlreadySplit extends Conflict {
  constructor(messageId: string) {
    super('message_already_split', 'The message has become an inquiry of its own already', { messageId });
  }
}

/** It went on in another inquiry: there it is edited, answered and moved on. */
export class InquiryIsMerged extends Conflict {
  constructor(id: string, mergedInto: string) {
    super('inquiry_merged', 'The inquiry was merged into another one, where it goes on', { id, mergedInto });
  }
}

export class MergedWithItself extends RuleBroken {
  constructor() {
    const message = 'An inquiry is not merged into itself';
    super('merged_with_itself', message, { errors: [{ pointer: '/into', code: 'merged_with_itself', message }] });
  }
}

export class NotMergeable extends Conflict {
  constructor(id: string, status: string) {
    super('inquiry_not_mergeable', `An inquiry that is ${status} is not merged; reopen or restore it first`, {
      id,
      state: status,
    });
  }
}

/** There are no chains: what others went on in goes on itself. */
export class OthersMergedIntoIt extends Conflict {
  constructor(id: string) {
    super('others_merged_into_it', 'Other inquiries were merged into this one: merge into it instead', { id });
  }
}

export class NotMerged extends Conflict {
  constructor(id: string) {
    super('inquiry_not_merged', 'The inquiry is merged into no other', { id });
  }
}

export class MergeIsFinal extends Conflict {
  constructor(mergedAt: Date) {
    super('merge_is_final', 'A merge is taken back within 24 hours', { mergedAt: mergedAt.toISOString() });
  }
}

/** That it was written is no secret; what it says is. */
export class MessageHidden extends Forbidden {
  constructor() {
    super('message_hidden', 'What is written there is for those who take part in it');
  }
}

export class ReaderUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no user with this id';
    super('reader_unknown', message, { errors: [{ pointer: '/userIds', code: 'reader_unknown', message }] });
  }
}
