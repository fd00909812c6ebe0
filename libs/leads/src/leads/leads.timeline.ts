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
import { LeadPermissions } from './lead.policy.js';
import { reachOf } from './lead.reach.js';

type Told = Pick<TimelineEntry, 'id' | 'kind' | 'at' | 'details' | 'actorId'> & { leadId: string; name: string };

const TITLES: Record<string, string> = {
  'leads.created': 'Lead came',
  'leads.wrote': 'Lead wrote',
  'leads.converted': 'Lead converted',
};

const PLACE = { at: 'e.at', kind: 'e.kind', id: 'e.id' };

/** What leads tell of the customer whom they became: when they came, what they wrote, and when they were converted. */
@Injectable()
@Provides(TimelinePort)
export class LeadsTimeline implements TimelineSource {
  readonly kinds = Object.keys(TITLES);
  readonly quotes = [
    { record: 'leads', title: ['name'], details: { source: 'source', subject: 'subject', excerpt: 'message' } },
  ];

  constructor(private readonly db: Database) {}

  async entries(
    customerId: string,
    actor: Actor,
    limit: number,
    before: TimelinePoint | undefined,
  ): Promise<TimelineEntry[]> {
    const params: unknown[] = [currentTenantId(), customerId, limit];
    const theirs = `l.tenant_id = $1 and l.customer_id = $2 and l.deleted_at is null and ${reachOf(actor, LeadPermissions.read, params)}`;
    const rows = await this.db.query<Told>(
      `select e.* from (
         select l.id || ':created' as id, 'leads.created' as kind, l.created_at as at, l.created_by as "actorId", l.id as "leadId",
           l.name, jsonb_build_object('source', l.source, 'subject', l.subject) as details from leads l where ${theirs}
         union all
         select l.id || ':converted', 'leads.converted', l.converted_at, null, l.id, l.name,
           jsonb_build_object('dealId', l.deal_id, 'companyId', l.company_id) from leads l where ${theirs}
         union all
         select m.id::text, 'leads.wrote', m.at, null, l.id, l.name, jsonb_build_object('excerpt', left(m.body, 200))
           from leads l join lead_messages m on m.tenant_id = l.tenant_id and m.lead_id = l.id where ${theirs}) e
       where ${toldBefore(PLACE, before, params)} order by ${newestFirst(PLACE)} limit $3`,
      params,
    );
    return rows.map(toEntry);
  }
}

function toEntry({ id, kind, at, leadId, name, actorId, details }: Told): TimelineEntry {
  const title = `${TITLES[kind] ?? kind}: ${name}`;
  return { id, kind, at, title, ref: { resource: 'leads', id: leadId }, actorId, details };
}
