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
import { DealPermissions } from './deal.policy.js';
import { reachOf } from './deal.reach.js';

type Told = Pick<TimelineEntry, 'id' | 'kind' | 'at' | 'details' | 'actorId'> & { dealId: string; name: string };

const TITLES: Record<string, string> = {
  'deals.created': 'Deal begun',
  'deals.moved': 'Deal moved',
  'deals.won': 'Deal won',
  'deals.lost': 'Deal lost',
  'deals.reopened': 'Deal reopened',
};

const PLACE = { at: 'm.moved_at', kind: "('deals.' || m.kind)", id: 'm.id::text' };

/** What deals tell of a customer: which way they went. */
@Injectable()
@Provides(TimelinePort)
export class DealsTimeline implements TimelineSource {
  readonly kinds = Object.keys(TITLES);
  readonly quotes = [{ record: 'deals', title: ['name'], details: { amount: 'amount', reason: 'lostReason' } }];

  constructor(private readonly db: Database) {}

  async entries(
    customerId: string,
    actor: Actor,
    limit: number,
    before: TimelinePoint | undefined,
  ): Promise<TimelineEntry[]> {
    const params: unknown[] = [currentTenantId(), customerId, limit];
    const reached = reachOf(actor, DealPermissions.read, params);
    const rows = await this.db.query<Told>(
      `select m.id, 'deals.' || m.kind as kind, m.moved_at as at, m.moved_by as "actorId", d.id as "dealId", d.name,
         jsonb_build_object('stage', m.stage_name, 'amount', m.amount, 'currency', m.currency, 'reason', m.reason) as details
       from deals d join deal_moves m on m.tenant_id = d.tenant_id and m.deal_id = d.id
       where d.tenant_id = $1 and d.customer_id = $2 and d.deleted_at is null and ${reached}
         and ${toldBefore(PLACE, before, params)} order by ${newestFirst(PLACE)} limit $3`,
      params,
    );
    return rows.map(toEntry);
  }
}

function toEntry({ id, kind, at, dealId, name, actorId, details }: Told): TimelineEntry {
  const title = `${TITLES[kind] ?? kind}: ${name}`;
  return { id, kind, at, title, ref: { resource: 'deals', id: dealId }, actorId, details };
}
