import type { Actor } from '@app/kernel';
import {
  currentTenantId,
  Database,
  newestFirst,
  Provides,
  type TimelineEntry,
  type TimelinePoint,
  TimelinePort,
  type TimelineSource,
  toldBefore,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { WorklogPermissions } from './worklog.policy.js';
import { WorklogReach } from './worklog.reach.js';

type Told = { id: string; at: Date; userId: string; minutes: number; description: string };

const KIND = 'worklogs.recorded';
const PLACE = { at: 'w.ended_at', kind: `'${KIND}'`, id: 'w.id::text' };

/** What was worked for a customer. */
@Injectable()
@Provides(TimelinePort)
export class WorklogsTimeline implements TimelineSource {
  readonly kinds = [KIND];
  readonly quotes = [{ record: 'worklogs', title: ['minutes'], details: { description: 'description' } }];

  constructor(
    private readonly db: Database,
    private readonly reach: WorklogReach,
  ) {}

  async entries(
    customerId: string,
    actor: Actor,
    limit: number,
    before: TimelinePoint | undefined,
  ): Promise<TimelineEntry[]> {
    const params: unknown[] = [currentTenantId(), customerId, limit];
    const reached = this.reach.predicate(actor, WorklogPermissions.read, params);
    const rows = await this.db.query<Told>(
      `select w.id, w.ended_at as at, w.user_id as "userId", w.minutes, w.description from worklogs w
       where w.tenant_id = $1 and w.customer_id = $2 and w.ended_at is not null and (${reached})
         and ${toldBefore(PLACE, before, params)} order by ${newestFirst(PLACE)} limit $3`,
      params,
    );
    return rows.map(({ id, at, userId, minutes, description }) => ({
      ...{ id, kind: KIND, at, actorId: userId },
      title: `Worked ${minutes} minutes`,
      ref: { resource: 'worklogs', id },
      details: { minutes, description: description.slice(0, 200) },
    }));
  }
}
