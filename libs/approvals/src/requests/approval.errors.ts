import { Conflict, Forbidden, Invalid, NotFound, type Permission, PreconditionRequired, RuleBroken } from '@app/kernel';
import type { Decision } from './approval.policy.js';

export class NothingToDecide extends NotFound {
  constructor(subjectKind: string, subjectId: string) {
    super('approval_not_requested', 'Nobody has asked for this approval', { subjectKind, subjectId });
  }
}

export class AlreadyRequested extends Conflict {
  constructor(subjectKind: string, subjectId: string) {
    super('approval_already_requested', 'This approval is asked for already', { subjectKind, subjectId });
  }
}

export class AlreadyDecided extends Conflict {
  constructor(result: { id: string; decision: Decision; decidedBy: string | null; decidedAt: Date | null }) {
    super('already_decided', `It is ${result.decision} already`, result);
  }
}

/** One voice a person in each round: whoever agreed at one stage does not decide at another. */
export class VoiceGiven extends Conflict {
  constructor(id: string) {
    super('voice_given', 'You have decided on this request before', { id });
  }
}

/** The stage waits for others: people whom its policy names. */
export class NotCalledUpon extends Forbidden {
  constructor(id: string, stage: number) {
    super('not_called_upon', `Stage ${stage} of this request is decided by others`, { id, stage });
  }
}

/** The decision names a revision, or a content, that is not the one asked for. */
export class RevisionStale extends Conflict {
  constructor(seen: number, current: number) {
    const message =
      seen === current
        ? `The content is no longer that of revision ${current}`
        : `Revision ${seen} was seen, but ${current} is asked for`;
    super('stale_revision', message, { seen, current });
  }
}

export class RevisionRequired extends PreconditionRequired {
  constructor() {
    super('revision_required', 'Say which revision you have seen');
  }
}

export class SelfApproval extends Forbidden {
  constructor(id: string) {
    super('self_approval', 'Who wrote, edited or submitted it does not decide on it', { id });
  }
}

/** Asked at the click: who could decide when the list was shown may not be able to any more. */
export class DecisionDenied extends Forbidden {
  constructor({ name }: Permission) {
    super('permission_missing', `This needs the permission ${name}`, { permission: name });
  }
}

/** A service token may ask for an approval, and does not give one. */
export class DecisionByMachine extends Forbidden {
  constructor() {
    super('decision_by_machine', 'A person decides, not a service token');
  }
}

export class OutOfReach extends Forbidden {
  constructor({ name }: Permission, reach: string) {
    super('out_of_reach', `Your permission ${name} reaches ${reach} requests, which this one is not`, {
      permission: name,
      reach,
    });
  }
}

/** It is passed on to somebody who could decide, and has had neither a hand nor a voice in it. */
export class DelegateExcluded extends RuleBroken {
  constructor(id: string, userId: string) {
    super('delegate_excluded', 'This person cannot decide on it', { id, userId });
  }
}

export class NotesRequired extends Invalid {
  constructor() {
    const errors = [{ pointer: '/approvalNotes', code: 'is_not_empty', message: 'say what has to change' }];
    super('approval_notes_required', 'A rejection says why', { errors });
  }
}

export class SubjectUnknown extends RuleBroken {
  constructor(subjectKind: string) {
    super('approval_subject_unknown', `Nothing here decides on ${subjectKind}`, { subjectKind });
  }
}
