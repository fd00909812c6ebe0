import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/index.js';
import { Ports } from '../ports/port.js';
import { TenantZonePort } from '../ports/tenant-zone.port.js';
import type { Condition } from './condition.js';
import { type Field, fieldOf, type Fields } from './fields.js';
import { isDay, type Moment, type Value } from './values.js';

/**
 * What days and spans of conditions mean: by the one clock, in the zone of the current tenant. Whoever compiles or evaluates a
 * condition asks here, and so do the lists that read by the same database.
 */
@Injectable()
export class Moments {
  constructor(
    db: Database,
    private readonly clock: Clock,
    private readonly ports: Ports,
  ) {
    byDatabase.set(db, this);
  }

  /** The zone is asked for only where one of the conditions speaks of a day or a span: all others cost no statement. */
  async of(conditions: readonly Condition[], fields: Fields): Promise<Moment> {
    const [tenant] = conditions.some((condition) => speaksOfDays(condition, fields))
      ? this.ports.all(TenantZonePort)
      : [];
    return { now: this.clock.now(), zone: (await tenant?.zone()) ?? 'UTC' };
  }
}

const byDatabase = new WeakMap<object, Moments>();

/** The same for a list that is read by this; in UTC and by the process where it belongs to no product, as in a test of lists. */
export const momentOf = (db: object, condition: Condition, fields: Fields): Promise<Moment> =>
  byDatabase.get(db)?.of([condition], fields) ?? Promise.resolve({ now: new Date(), zone: 'UTC' });

function speaksOfDays(condition: Condition, fields: Fields): boolean {
  if ('not' in condition) return speaksOfDays(condition.not, fields);
  if ('all' in condition) return condition.all.some((one) => speaksOfDays(one, fields));
  if ('any' in condition) return condition.any.some((one) => speaksOfDays(one, fields));
  return isOfDays(fieldOf(fields, condition.field), condition.value);
}

/** A day of a day is one everywhere; of an instant it begins and ends by a wall clock. */
function isOfDays(field: Field | undefined, value: Value): boolean {
  if (typeof value === 'object') return !Array.isArray(value);
  return field?.type === 'instant' && typeof value === 'string' && isDay(value);
}
