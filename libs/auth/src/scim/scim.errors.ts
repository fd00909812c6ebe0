import { Conflict, Forbidden, Invalid, NotFound } from '@app/kernel';

/** The filter is none, or compares what is not compared here. */
export class ScimInvalidFilter extends Invalid {
  constructor(message: string) {
    super('scim_invalid_filter', message);
  }
}

/** A path of a PATCH that names no attribute. */
export class ScimInvalidPath extends Invalid {
  constructor(path: string) {
    super('scim_invalid_path', `There is no attribute ${path.slice(0, 100)}`);
  }
}

/** Something is to be removed, and it is not said what. */
export class ScimNoTarget extends Invalid {
  constructor() {
    super('scim_no_target', 'The operation says not what it is about');
  }
}

export class ScimInvalidSyntax extends Invalid {
  constructor(message: string) {
    super('scim_invalid_syntax', message);
  }
}

export class ScimInvalidValue extends Invalid {
  constructor(attribute: string, message: string) {
    super('scim_invalid_value', `${attribute} ${message}`);
  }
}

/** What the server says is changed by nobody else. */
export class ScimReadOnly extends Invalid {
  constructor(attribute: string) {
    super('scim_mutability', `${attribute} is not the client’s to change`);
  }
}

export class ScimTaken extends Conflict {
  constructor(attribute: string) {
    super('scim_uniqueness', `There is one of this ${attribute} already`);
  }
}

/** Whoever opens the door when the directory is out of order is beyond its reach. */
export class ScimProtected extends Forbidden {
  constructor() {
    super('scim_protected', 'Who may come in when the directory is out of order is not the directory’s to change');
  }
}

export class ScimNotFound extends NotFound {
  constructor(kind: 'User' | 'Group' | 'ResourceType', id: string) {
    super('not_found', `There is no ${kind} ${id.slice(0, 100)}`);
  }
}
