import { Conflict, Forbidden, Invalid, Locked, RuleBroken } from '@app/kernel';

const at = (pointer: string, code: string, message: string) => [{ pointer, code, message }];

/** One person does one thing at a time: PostgreSQL sees to it. */
export class TimerRunning extends Conflict {
  constructor() {
    super('timer_running', 'A timer of yours runs already: stop it first');
  }
}

export class NoTimerRunning extends Conflict {
  constructor() {
    super('no_timer_running', 'No timer of yours runs');
  }
}

export class WorklogStillRuns extends Conflict {
  constructor(worklogId: string) {
    super('worklog_running', 'The timer still runs: stop it first', { worklogId });
  }
}

export class WorklogLocked extends Locked {
  constructor(worklogId: string) {
    super('worklog_locked', 'The record of time is approved, and locked', { worklogId });
  }
}

export class WorklogTooOld extends Locked {
  constructor(worklogId: string) {
    super('worklog_too_old', 'The work is more than a month ago: ask somebody who may approve it', { worklogId });
  }
}

export class OwnWorklog extends Forbidden {
  constructor(worklogId: string) {
    super('own_worklog', 'Nobody approves their own time', { worklogId });
  }
}

export class WorkInFuture extends Invalid {
  constructor() {
    const message = 'must not end in the future';
    super('work_in_future', message, { errors: at('/startedAt', 'work_in_future', message) });
  }
}

export class WorklogNotFound extends RuleBroken {
  constructor(worklogId: string) {
    const message = 'There is no such record of time';
    super('worklog_not_found', message, { worklogId, errors: at('/ids', 'worklog_not_found', message) });
  }
}

export class WorkedOnNothing extends RuleBroken {
  constructor(pointer: '/taskId' | '/projectId' | '/customerId') {
    const message = 'There is no such record';
    super('worked_on_not_found', message, { errors: at(pointer, 'worked_on_not_found', message) });
  }
}
