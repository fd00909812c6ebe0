import { Conflict, type FieldFault, Forbidden, Invalid, RuleBroken, Unsupported } from '@app/kernel';

export class EntityUnknown extends Invalid {
  constructor(known: readonly string[]) {
    const message = `must be one of ${known.join(', ')}`;
    const errors = [{ pointer: '/entity', code: 'entity_unknown', message }];
    super('entity_unknown', `The entity ${message}`, { errors });
  }
}

export class FileEmpty extends RuleBroken {
  constructor() {
    super('file_empty', 'There is nothing in the file');
  }
}

export class NoRows extends RuleBroken {
  constructor() {
    super('no_rows', 'The file has a header and no row below it');
  }
}

export class NotCsv extends Unsupported {
  constructor(why: string) {
    super('not_csv', `This is no CSV: ${why}`);
  }
}

export class WrongEncoding extends Invalid {
  constructor(encoding: string, row: number) {
    super('wrong_encoding', `After row ${row} the file is not ${encoding}: say another encoding with the mapping`, {
      encoding,
      row,
    });
  }
}

export class CsvBroken extends Invalid {
  constructor(why: string, row: number) {
    super('csv_broken', `After row ${row} the file cannot be read: ${why}`, { row });
  }
}

export class DuplicateColumns extends RuleBroken {
  constructor(names: readonly string[]) {
    super('duplicate_columns', `Two columns have one name: ${names.join(', ')}`, { columns: [...names] });
  }
}

export class TooManyColumns extends RuleBroken {
  constructor(most: number) {
    super('too_many_columns', `A file has at most ${most} columns`, { most });
  }
}

export class MappingRefused extends RuleBroken {
  constructor(errors: FieldFault[]) {
    const [first] = errors;
    super('mapping_refused', first && errors.length === 1 ? first.message : `${errors.length} faults in the mapping`, {
      errors,
    });
  }
}

export class PermissionMissing extends Forbidden {
  constructor(permission: string) {
    super('permission_missing', `This needs the permission ${permission}`, { permission });
  }
}

/** A mapping is what the rows are read by: it is said first, and stays once there are rows that were. */
export class NotMapped extends Conflict {
  constructor() {
    super('not_mapped', 'Say first which column is which field: PUT …/mapping');
  }
}
