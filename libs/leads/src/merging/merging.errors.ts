import { Conflict, RuleBroken } from '@app/kernel';

export class MergedWithItself extends RuleBroken {
  constructor() {
    const message = 'A lead is not merged with itself';
    super('merged_with_itself', message, { errors: [{ pointer: '/into', code: 'merged_with_itself', message }] });
  }
}

export class LeadNotMerged extends Conflict {
  constructor(id: string) {
    super('lead_not_merged', 'The lead goes on in no other one', { id });
  }
}
