import { NotFound, Stale } from '@app/kernel';

/** No such record, or none the caller may see: the two are never told apart. */
export class RecordNotFound extends NotFound {
  constructor(what: string, id: string) {
    super('not_found', `There is no ${what} ${id}`, { resource: what, id });
  }
}

/** `If-Match` or a stated version names a version that is no longer the current one. */
export class VersionConflict extends Stale {
  constructor(what: string, id: string, seen: number, current: number) {
    super('version_conflict', `The ${what} has changed since version ${seen}: it is at version ${current}`, {
      resource: what,
      id,
      seen,
      current,
    });
  }
}

/** What pg reports of a failed statement. */
export type DatabaseFault = Error & { code?: string; constraint?: string; table?: string; column?: string };

export const isDatabaseFault = (error: unknown): error is DatabaseFault =>
  error instanceof Error &&
  typeof (error as DatabaseFault).code === 'string' &&
  /^[0-9A-Z]{5}$/.test((error as DatabaseFault).code ?? '');

/** `.catch(onConstraint('bookings_resource_is_free', () => new ResourceTaken(…)))` gives a broken constraint its domain name. */
export const onConstraint =
  (constraint: string, refusal: () => Error) =>
  (error: unknown): never => {
    throw isDatabaseFault(error) && error.constraint === constraint ? refusal() : error;
  };
