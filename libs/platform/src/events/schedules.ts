import { newId } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { CronExpressionParser } from 'cron-parser';
import { Database } from '../database/index.js';
import { currentTenantId, runAsSystem, runOutside } from '../scope/index.js';
import type { Job } from './registry.js';

/** What a scheduled job receives. `scheduledFor`: ISO instant it was due; it may run later, after a downtime, once. */
export type Occasion = { scheduledFor: string };

/** In place of a zone: the tenant's own, also after it has chosen another. */
export const TENANTS_ZONE = 'tenant';

/** `cron`: five fields, read in `zone` (IANA, or `TENANTS_ZONE`). */
export type Schedule = { readonly job: Job<Occasion>; readonly cron: string; readonly zone: string };

const declared = new Map<string, Schedule>();

export function defineSchedule(job: Job<Occasion>, cron: string, zone = 'UTC'): Schedule {
  CronExpressionParser.parse(cron, { tz: zone === TENANTS_ZONE ? 'UTC' : zone });
  const schedule = { job, cron, zone };
  declared.set(job.name, schedule);
  return schedule;
}

export const declaredSchedules = (): ReadonlyMap<string, Schedule> => declared;

const nextAfter = (cron: string, zone: string, after: Date): Date =>
  CronExpressionParser.parse(cron, { tz: zone, currentDate: after }).next().toDate();

/**
 * Schedules are rows of each tenant: swept with SKIP LOCKED and emitted through the outbox, so once however many workers
 * there are, caught up once after a downtime, and at the wall-clock time of their zone across DST.
 */
@Injectable()
export class Schedules {
  private readonly log = new Logger('schedules');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly db: Database) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running ??= this.sweep()
        .then(() => undefined)
        .catch((error: Error) => this.log.warn({ error: error.message }, 'the schedules could not be swept'))
        .finally(() => (this.running = undefined));
    }, 1000);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Gives the current tenant, whose zone this is, a row for each declared schedule; keeps what is there. */
  async ensure(now: Date, tenantsZone: string): Promise<void> {
    const rows = [...declared.values()].map(({ job, cron, zone: said }) => {
      const zone = said === TENANTS_ZONE ? tenantsZone : said;
      return { name: job.name, cron, zone, next_run_at: nextAfter(cron, zone, now) };
    });
    await this.db.query(
      `insert into schedules (tenant_id, name, cron, zone, next_run_at)
       select $1, r.name, r.cron, r.zone, r.next_run_at from jsonb_to_recordset($2::jsonb) r(name text, cron text, zone text, next_run_at timestamptz)
       on conflict (tenant_id, name) do update set cron = excluded.cron, zone = excluded.zone,
         next_run_at = case when schedules.cron = excluded.cron and schedules.zone = excluded.zone then schedules.next_run_at else excluded.next_run_at end`,
      [currentTenantId(), JSON.stringify(rows)],
    );
  }

  /** Emits what is due; answers how many. A tick that was missed runs once, now; the next is the first one still to come, by PostgreSQL's
   *  clock: that of a machine may be wrong. */
  async sweep(now?: Date): Promise<number> {
    const due = await runOutside(() =>
      this.db.query<{ tenant_id: string; name: string }>('select tenant_id, name from schedules_due($1)', [100]),
    );
    for (const { tenant_id: tenantId, name } of due) {
      await runAsSystem(tenantId, 'schedules.tick', name, () => this.fire(tenantId, name, now));
    }
    return due.length;
  }

  private fire(tenantId: string, name: string, now?: Date): Promise<void> {
    return this.db.transaction(async () => {
      const row = await this.db.one<{ cron: string; zone: string; next_run_at: Date; now: Date; held: boolean }>(
        'select cron, zone, next_run_at, clock_timestamp() as now, tenant_is_held($1) as held from schedules where tenant_id = $1 and name = $2 and next_run_at <= clock_timestamp() for update skip locked',
        [tenantId, name],
      );
      if (!row) return; // another worker fires it
      await this.db.query(
        'update schedules set last_run_at = next_run_at, next_run_at = $3 where tenant_id = $1 and name = $2',
        [tenantId, name, nextAfter(row.cron, row.zone, now ?? row.now)],
      );
      if (row.held) return; // a suspended tenant's tick is left out, not made up for
      await this.db.enqueue([
        { id: newId(), kind: 'job', type: name, payload: { scheduledFor: row.next_run_at.toISOString() } },
      ]);
    });
  }
}
