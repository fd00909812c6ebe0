import { Conflict, Forbidden } from '@app/kernel';

export class JobOver extends Conflict {
  constructor(jobId: string, state: string) {
    super('job_over', `The job is ${state}: there is nothing left to cancel`, { jobId, state });
  }
}

/** Why a job fails whose owner was deactivated, or whose token was revoked, since it began. */
export class JobOwnerGone extends Forbidden {
  constructor() {
    super('owner_gone', 'Whoever started this may not come in any more');
  }
}
