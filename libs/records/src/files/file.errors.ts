import { Forbidden, Locked, NotFound, RuleBroken, Unsupported } from '@app/kernel';

export class FileNameRefused extends RuleBroken {
  constructor(why: string) {
    const message = `The file’s name ${why}`;
    super('file_name_refused', message, { errors: [{ pointer: 'query/name', code: 'file_name_refused', message }] });
  }
}

export class FileTypeRefused extends Unsupported {
  constructor(why: string) {
    super('file_type_refused', why);
  }
}

export class FileEmpty extends RuleBroken {
  constructor() {
    super('file_empty', 'There is nothing in the file');
  }
}

export class FileOfAnother extends Forbidden {
  constructor() {
    super('file_of_another', 'A file is removed by whoever added it, or by who may remove those of others');
  }
}

/** It is being looked into, or something was found in it. */
export class FileQuarantined extends Locked {
  constructor(state: 'quarantined' | 'infected') {
    const why = state === 'infected' ? 'Something was found in this file' : 'This file is still being looked into';
    super('file_quarantined', why, { state });
  }
}

/** Forged, too old, or of what is gone: the three are never told apart. */
export class FileLinkUnknown extends NotFound {
  constructor() {
    super('file_link_unknown', 'There is no such link, or its time is over');
  }
}
