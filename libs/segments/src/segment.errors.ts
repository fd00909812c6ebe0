import { Conflict, type FieldFault, Forbidden, Invalid } from '@app/kernel';

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

/** As a saved view: what a field of the tenant's was compared with means nothing once it is gone or of another type. */
export class SegmentUnusable extends Invalid {
  constructor(errors: FieldFault[]) {
    super('segment_unusable', 'The segment names fields that are not there, or not to be seen by you', { errors });
  }
}
