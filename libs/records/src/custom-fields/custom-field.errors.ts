import { Conflict, type FieldFault, Invalid, RuleBroken } from '@app/kernel';
import { MOST_FIELDS, MOST_INDEXED } from './custom-field.policy.js';

const faultAt = (pointer: string, code: string, message: string) => ({ errors: [{ pointer, code, message }] });

export class FieldKindUnknown extends RuleBroken {
  constructor(known: readonly string[], pointer = '/recordKind') {
    const message = `There are no such records; there are ${known.join(', ')}`;
    super('record_kind_unknown', message, { known, ...faultAt(pointer, 'record_kind_unknown', message) });
  }
}

export class FieldKeyTaken extends Conflict {
  constructor(key: string) {
    const message = `There is a field ${key} already, in whatever case, and be it archived`;
    super('custom_field_key_taken', message, faultAt('/key', 'custom_field_key_taken', message));
  }
}

export class FieldKeyBuiltIn extends Conflict {
  constructor(key: string) {
    const message = `These records have a field ${key} of their own`;
    super('custom_field_key_built_in', message, faultAt('/key', 'custom_field_key_built_in', message));
  }
}

export class TooManyFields extends RuleBroken {
  constructor() {
    super('too_many_custom_fields', `One kind of record has at most ${MOST_FIELDS} fields, the archived ones included`);
  }
}

export class TooManyIndexed extends RuleBroken {
  constructor() {
    const message = `At most ${MOST_INDEXED} fields of one kind of record are indexed`;
    super('too_many_indexed_fields', message, faultAt('/isIndexed', 'too_many_indexed_fields', message));
  }
}

export class FieldTermsInvalid extends RuleBroken {
  constructor(pointer: string, message: string) {
    super('custom_field_invalid', message, faultAt(pointer, 'custom_field_invalid', message));
  }
}

export class FieldArchived extends Conflict {
  constructor(readonly fieldId: string) {
    super('custom_field_archived', 'The field is archived: restore it first', { fieldId });
  }
}

export class FieldConverting extends Conflict {
  constructor(key: string, pointer = '') {
    const message = `The values of ${key} are being converted to another type: wait until that is done`;
    super('custom_field_converting', message, {
      ...faultAt(pointer, 'custom_field_converting', message),
      retryAfterSeconds: 5,
    });
  }
}

/** What would not convert: each value once, with how many records hold it and one of them. */
export type Unconverted = { readonly value: unknown; readonly records: number; readonly example: string };

export class ValuesDoNotConvert extends Conflict {
  constructor(to: string, records: number, values: readonly Unconverted[]) {
    super('values_do_not_convert', `${records} records hold values that are no ${to}`, { records, values });
  }
}

export class OptionInUse extends Conflict {
  constructor(options: readonly { key: string; records: number }[]) {
    const message = 'Records hold options that would be gone: retire them instead';
    super('option_in_use', message, { options, ...faultAt('/options', 'option_in_use', message) });
  }
}

export class ValuesInvalid extends Invalid {
  constructor(errors: FieldFault[]) {
    super('invalid_custom_fields', 'The values of custom fields are not valid', { errors });
  }
}
