import { Conflict, RuleBroken } from '@app/kernel';

export class MemberUnknown extends RuleBroken {
  constructor(index: number) {
    const message = 'The team has no such member';
    super('member_unknown', message, {
      errors: [{ pointer: `/members/${index}/userId`, code: 'member_unknown', message }],
    });
  }
}

export class MemberNamedTwice extends RuleBroken {
  constructor(index: number) {
    const message = 'Each member is named once';
    super('member_named_twice', message, {
      errors: [{ pointer: `/members/${index}/userId`, code: 'member_named_twice', message }],
    });
  }
}

export class NotDistributed extends Conflict {
  constructor(id: string) {
    super('inquiry_not_distributed', 'The inquiry belongs to no team that gives its inquiries to its people', { id });
  }
}
