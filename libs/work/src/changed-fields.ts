import { isDeepStrictEqual } from 'node:util';

/** What of `wanted` is given and differs from what the entity has. */
export const changedFields = <T extends object>(entity: T, wanted: Partial<T>): Partial<T> =>
  Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => value !== undefined && !isDeepStrictEqual(value, Reflect.get(entity, name)),
    ),
  ) as Partial<T>;
