import { Conflict } from '@app/kernel';

export class AlreadySuppressed extends Conflict {
  constructor(reason: string) {
    super('already_suppressed', `The address is already suppressed for this reason: ${reason}`, { reason });
  }
}
