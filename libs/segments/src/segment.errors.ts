import { Conflict, Forbidden } from '@app/kernel';

export class SegmentNameTaken extends Conflict {
  constructor(name: string) {
    super('segment_name_taken', `There is a segment called ${name} already`);
  }
}

/** Whoever may not read deals must not learn of them by who belongs to a segment. */
export class SegmentOutOfReach extends Forbidden {
  constructor(fields: readonly string[]) {
    super('segment_out_of_reach', 'The segment asks for what you may not read', { fields });
  }
}
