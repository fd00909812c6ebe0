import { Conflict, Invalid } from '@app/kernel';

const at = (code: string, message: string) => ({ errors: [{ pointer: '/pattern', code, message }] });

export class PatternInvalid extends Invalid {
  constructor() {
    const message = 'must be an address, a domain, or *. and a domain';
    super('pattern_invalid', `pattern ${message}`, at('pattern_invalid', message));
  }
}

export class PatternTaken extends Conflict {
  constructor(pattern: string) {
    const message = 'Its mails are ignored already';
    super('pattern_taken', message, { pattern, ...at('pattern_taken', message) });
  }
}
