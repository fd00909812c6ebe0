import { RuleBroken } from '@app/kernel';

/** A stage that waits for somebody who is not there would never end. */
export class ApproverUnknown extends RuleBroken {
  constructor(ids: readonly string[]) {
    super('approver_unknown', 'There are no such people or roles, or they may not come in', { ids });
  }
}
