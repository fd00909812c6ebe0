import { Clock, type FieldFault } from '@app/kernel';
import { currentTenantId, Database, Ports, type Retention, RetentionPort } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { type RetentionDays, Tenant } from '../tenants/tenant.entity.js';
import { RetentionRefused } from './retention.errors.js';

const DAY_MS = 86_400_000;
/** Ten years: beyond that, `null` says what is meant. */
const MOST_DAYS = 3650;

export type Kept = Pick<Retention, 'kind' | 'description' | 'usualDays' | 'leastDays'> & { days: number | null };

/** For how long a tenant keeps what is over; each context says what it has that is, by `RetentionPort`. */
@Injectable()
export class RetentionService {
  private readonly log = new Logger('retention');

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly ports: Ports,
  ) {}

  /** Every kind that the loaded contexts delete, by name, with the days that hold for the tenant. */
  of({ retention }: Pick<Tenant, 'retention'>): Kept[] {
    return this.kinds().map(({ kind, description, usualDays, leastDays }) => {
      const days = retention[kind] === undefined ? usualDays : retention[kind];
      return { kind, description, days, usualDays, leastDays };
    });
  }

  /** @throws RetentionRefused naming each kind that is unknown, and each number out of bounds */
  accepted(days: Readonly<Record<string, unknown>>): RetentionDays {
    const known = new Map(this.kinds().map((one) => [one.kind, one]));
    const faults = Object.entries(days).flatMap(([kind, value]) => faultOf(kind, value, known.get(kind)));
    if (faults.length) throw new RetentionRefused(faults);
    return days as RetentionDays;
  }

  /** Of the current tenant, kind by kind: one that fails does not keep the others. @throws AggregateError at the end */
  async obey(): Promise<void> {
    const tenant = await this.db.get(Tenant, currentTenantId());
    const days = new Map(this.of(tenant).map((kept) => [kept.kind, kept.days]));
    const failures: unknown[] = [];
    for (const retention of this.kinds()) {
      const kept = days.get(retention.kind) ?? null;
      if (kept !== null) await this.purge(retention, kept).catch((error: unknown) => failures.push(error));
    }
    if (failures.length) throw new AggregateError(failures, 'Not everything could be deleted whose time is over');
  }

  private async purge(retention: Retention, days: number): Promise<void> {
    const gone = await retention.purge(new Date(this.clock.now().getTime() - days * DAY_MS));
    if (gone) this.log.log({ kind: retention.kind, days, gone }, 'deleted what was kept long enough');
  }

  private kinds(): Retention[] {
    return [...this.ports.all(RetentionPort)].sort((one, other) => one.kind.localeCompare(other.kind));
  }
}

function faultOf(kind: string, value: unknown, known: Retention | undefined): FieldFault[] {
  const pointer = `/retention/${kind}`;
  if (!known) return [{ pointer, code: 'unknown_kind', message: 'is nothing that is ever deleted' }];
  if (value === null) return [];
  const isFit = typeof value === 'number' && Number.isInteger(value) && value >= known.leastDays && value <= MOST_DAYS;
  const message = `must be ${known.leastDays} to ${MOST_DAYS} days, or null to keep it for good`;
  return isFit ? [] : [{ pointer, code: 'out_of_bounds', message }];
}
