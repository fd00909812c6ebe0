export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale'
  | 'rule'
  | 'locked'
  | 'moved'
  | 'precondition_required'
  | 'too_large'
  | 'unsupported'
  | 'too_many'
  | 'unavailable';

/** One fault of one field. `pointer` is an RFC 6901 JSON pointer into the body, or `query/<key>`. */
export type FieldFault = { pointer: string; code: string; message: string };

/** What every problem says of itself (RFC 9457, 3.1): a detail of the same name would be lost behind it. */
type Taken = 'type' | 'title' | 'status' | 'statusCode' | 'detail' | 'message' | 'instance' | 'code' | 'requestId';

export type ErrorDetails = Record<string, unknown> & { errors?: FieldFault[]; retryAfterSeconds?: number } & Partial<
    Record<Taken, never>
  >;

/**
 * A refusal the domain can explain. `code` is stable, snake_case and part of the public API; `message` is for people.
 * Nobody in the domain says HTTP: one filter in the platform maps kinds to statuses.
 */
export abstract class DomainError extends Error {
  abstract readonly kind: ErrorKind;
  /** Whether what was written before it was thrown stands: whoever runs the use case in a transaction of theirs commits it. */
  readonly changesStand: boolean = false;

  constructor(
    readonly code: string,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
    this.name = new.target.name;
  }
}

export class Invalid extends DomainError {
  readonly kind = 'invalid';
}
export class Unauthenticated extends DomainError {
  readonly kind = 'unauthenticated';
}
export class Forbidden extends DomainError {
  readonly kind = 'forbidden';
}
export class NotFound extends DomainError {
  readonly kind = 'not_found';
}
/** The record's state, or another record, is in the way. */
export class Conflict extends DomainError {
  readonly kind = 'conflict';
}
/** What the caller saw has changed since. */
export class Stale extends DomainError {
  readonly kind = 'stale';
}
export class RuleBroken extends DomainError {
  readonly kind = 'rule';
}
export class Locked extends DomainError {
  readonly kind = 'locked';
}
/** The record became part of another one, under whose id it is read. */
export class Moved extends DomainError {
  readonly kind = 'moved';

  constructor(
    code: string,
    message: string,
    readonly from: string,
    readonly to: string,
    details: ErrorDetails = {},
  ) {
    super(code, message, details);
  }
}
export class PreconditionRequired extends DomainError {
  readonly kind = 'precondition_required';
}
export class TooLarge extends DomainError {
  readonly kind = 'too_large';
}
export class Unsupported extends DomainError {
  readonly kind = 'unsupported';
}
export class TooMany extends DomainError {
  readonly kind = 'too_many';
}
export class Unavailable extends DomainError {
  readonly kind = 'unavailable';
}
