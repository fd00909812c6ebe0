import { Conflict, RuleBroken } from '@app/kernel';

export class LinkedToItself extends RuleBroken {
  constructor() {
    const message = 'An inquiry has nothing to do with itself';
    super('linked_to_itself', message, { errors: [{ pointer: '/targetId', code: 'linked_to_itself', message }] });
  }
}

/** Once per pair and kind, from whichever side. */
export class AlreadyLinked extends Conflict {
  constructor(kind: string) {
    super('already_linked', `The two are linked as ${kind} already`, { kind });
  }
}
