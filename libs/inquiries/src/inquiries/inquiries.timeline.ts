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
import { askedShown, wordsShown } from '../visibility/words.reach.js';
import { InquiryPermissions, referenceOf } from './inquiry.policy.js';
import { reachOf } from './inquiry.reach.js';

type Told = {
  id: string;
  kind: string;
  at: Date;
  inquiryId: string;
  number: number;
  /** Null where what was asked is kept from whoever asks. */
  subject: string | null;
  actorId: string | null;
  details: Record<string, unknown>;
};

const TITLES: Record<string, string> = {
  'inquiries.created': 'Asked',
  'inquiries.message-received': 'Wrote again in',
  'inquiries.answered': 'Was answered in',
  'inquiries.noted': 'Note in',
  'inquiries.merged': 'Merged away',
  'inquiries.resolved': 'Resolved',
  'inquiries.closed': 'Closed',
};

const ofInquiry = (what: string, at: string, details = "'{}'::jsonb"): string =>
  `select i.id::text || ':${what}' as id, 'inquiries.${what}' as kind, ${at} as at, null::uuid as actor, ${details} as details, i.id as inquiry, i.number, i.subject
   from mine i where ${at} is not null`;

// The first message is the inquiry itself.
const told = (
  shown: string,
): string => `${ofInquiry('created', 'i.created_at', `jsonb_build_object('channel', i.channel, 'priority', i.priority)`)}
  union all ${ofInquiry('resolved', 'i.resolved_at')}
  union all ${ofInquiry('closed', 'i.closed_at')}
  union all ${ofInquiry('merged', 'i.merged_at', `jsonb_build_object('into', i.merged_into)`)}
  union all select m.id::text, case m.direction when 'in' then 'inquiries.message-received' when 'out' then 'inquiries.answered' else 'inquiries.noted' end,
    m.at, m.author_id, case when ${shown} then jsonb_build_object('seq', m.seq, 'excerpt', left(m.body, 200))
      else jsonb_build_object('seq', m.seq, 'visibility', m.visibility, 'hidden', true) end, i.id, i.number, i.subject
  from mine i join inquiry_messages m on m.tenant_id = $1 and m.inquiry_id = i.id and m.seq > 1`;

const PLACE = { at: 'e.at', kind: 'e.kind', id: 'e.id' };

/** What inquiries tell of a customer. Notes are among it; of what is kept from the reader, that it was written. */
@Injectable()
@Provides(TimelinePort)
export class InquiriesTimeline implements TimelineSource {
  readonly kinds = Object.keys(TITLES);
  readonly quotes = [{ record: 'inquiries', title: ['subject'] }];

  constructor(private readonly db: Database) {}

  async entries(
    customerId: string,
    actor: Actor,
    limit: number,
    before: TimelinePoint | undefined,
  ): Promise<TimelineEntry[]> {
    const params: unknown[] = [currentTenantId(), customerId, limit];
    const reached = reachOf(actor, InquiryPermissions.read, params);
    const rows = await this.db.query<Told>(
      `with mine as materialized (select i.id, i.number, case when ${askedShown(actor, params)} then i.subject end as subject, i.created_at, i.resolved_at, i.closed_at, i.merged_at, i.merged_into, i.channel, i.priority from inquiries i where i.tenant_id = $1 and i.customer_id = $2 and i.deleted_at is null and ${reached})
       select e.id, e.kind, e.at, e.inquiry as "inquiryId", e.number, e.subject, e.actor as "actorId", e.details from (${told(wordsShown('m', actor, params))}) e
       where ${toldBefore(PLACE, before, params)} order by ${newestFirst(PLACE)} limit $3`,
      params,
    );
    return rows.map(toEntry);
  }
}

function toEntry({ id, kind, at, inquiryId, number, subject, actorId, details }: Told): TimelineEntry {
  const title = `${TITLES[kind] ?? kind} ${referenceOf(number)}${subject === null ? '' : `: ${subject}`}`;
  return { id, kind, at, title, ref: { resource: 'inquiries', id: inquiryId }, actorId, details };
}
