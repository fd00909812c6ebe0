import { Forbidden } from '@app/kernel';
import { SetMetadata } from '@nestjs/common';

export const IN_PERSON = 'nexus:in-person';

/** Answers of a session in which somebody acts as another person say so, with who it is: a client shows it in a banner. */
export const IMPERSONATING_HEADER = 'x-impersonating';

export class InPersonOnly extends Forbidden {
  constructor() {
    super('impersonation_refused', 'Nobody does this in the name of another: only they do');
  }
}

/**
 * Closes a route to whoever acts as somebody else: what says who a person is, what opens something, and what must be
 * somebody's own decision. What asks for a step-up is closed to them anyway.
 */
export const InPerson = (): MethodDecorator & ClassDecorator => SetMetadata(IN_PERSON, true);
