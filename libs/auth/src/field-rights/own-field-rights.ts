import type { FieldRights } from '@app/kernel';
import { currentActor } from '@app/platform';
import { ExceedsOwnFieldRights } from './field-right.errors.js';

/**
 * That whoever is limited so is limited no less than whoever acts. @throws ExceedsOwnFieldRights
 */
export function assertFieldsCovered(given: FieldRights | undefined): void {
  const own = currentActor().fieldRights;
  if (!own) return;
  const wider = Object.entries(own.rules).flatMap(([kind, limits]) =>
    Object.entries(limits)
      .filter(([name, limit]) => {
        const theirs = given?.rules[kind];
        const their = theirs && Object.hasOwn(theirs, name) ? theirs[name] : undefined;
        return limit === 'hidden' ? their !== 'hidden' : their === undefined;
      })
      .map(([name]) => `${kind}.${name}`),
  );
  if (wider.length) throw new ExceedsOwnFieldRights(wider);
}
