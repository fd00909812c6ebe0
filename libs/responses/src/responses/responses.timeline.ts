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
import { ResponseRecords } from './response-records.js';
import { ResponsePermissions } from './response.policy.js';

const TITLES: Readonly<Record<string, string>> = {
  submitted: 'Response submitted for approval',
  approved: 'Response approved',
  waived: 'Response needs no approval',
  rejected: 'Response rejected',
  held: 'Response held back',
  sent: 'Response sent',
  failed: 'Response not delivered',
};

type Told = {
  id: string;
  kind: string;
  revision: number;
  actorId: string;
  at: Date;
  notes: string | null;
  responseId: string;
  inquiryId: string;
};

const PLACE = { at: 's.at', kind: "'responses.' || s.kind", id: 's.id::text' };

/** What happened to the answers that a customer was to get. */
@Injectable()
@Provides(TimelinePort)
export class ResponsesTimeline implements TimelineSource {
  readonly kinds = Object.keys(TITLES).map((kind) => `responses.${kind}`);

  constructor(
    private readonly db: Database,
    private readonly records: ResponseRecords,
  ) {}

  async entries(
    customerId: string,
    actor: Actor,
    limit: number,
    before: TimelinePoint | undefined,
  ): Promise<TimelineEntry[]> {
    if (!actor.can(ResponsePermissions.read)) return [];
    const params: unknown[] = [currentTenantId(), customerId, Object.keys(TITLES), limit];
    const within = this.records.reach('r', actor, ResponsePermissions.read, params);
    const rows = await this.db.query<Told>(
      `select s.id, s.kind, s.revision, s.actor_id as "actorId", s.at, s.notes, r.id as "responseId", r.inquiry_id as "inquiryId"
       from response_steps s join responses r on r.tenant_id = s.tenant_id and r.id = s.response_id
       where s.tenant_id = $1 and s.customer_id = $2 and s.kind = any ($3) and ${within} and ${toldBefore(PLACE, before, params)}
       order by ${newestFirst(PLACE)} limit $4`,
      params,
    );
    return rows.map(toEntry);
  }
}

const toEntry = ({ id, kind, revision, actorId, at, notes, responseId, inquiryId }: Told): TimelineEntry => ({
  id,
  kind: `responses.${kind}`,
  at,
  title: TITLES[kind] ?? kind,
  ref: { resource: 'responses', id: responseId },
  actorId,
  details: { inquiryId, revision, ...(notes === null ? {} : { notes }) },
});
