import { Invalid, RuleBroken, TooMany, Unauthenticated } from '@app/kernel';

export class RecordKindUnknown extends Invalid {
  constructor(kinds: readonly string[]) {
    super('record_kind_unknown', `kind must be one of ${kinds.join(', ')}`, { kinds });
  }
}

export class NotWatched extends RuleBroken {
  constructor() {
    super('record_not_watched', 'Watch the record first: only who may read it is seen at it');
  }
}

export class TooManyWatched extends TooMany {
  constructor(most: number) {
    super('too_many_watched', `A socket watches at most ${most} records`);
  }
}

export class TooManySockets extends TooMany {
  constructor(most: number) {
    super('too_many_sockets', `At most ${most} sockets of one session in one process`);
  }
}

export class TokenOver extends Unauthenticated {
  constructor() {
    super('token_expired', 'The access token is over: renew it with auth:renew before that');
  }
}
