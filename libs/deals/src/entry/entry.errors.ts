import { Conflict, RuleBroken } from '@app/kernel';

export class PointUnknown extends RuleBroken {
  constructor() {
    const message = 'is no point of the checklist of that stage';
    super('point_unknown', `The item ${message}`, { errors: [{ pointer: '/item', code: 'point_unknown', message }] });
  }
}

export class ApprovalNotNeeded extends RuleBroken {
  constructor() {
    super('approval_not_needed', 'The stage is entered without anybody’s approval');
  }
}

export class ApprovalNotAsked extends Conflict {
  constructor() {
    super('approval_not_asked', 'Nobody waits for an approval of this deal');
  }
}
