import { Readable } from 'node:stream';
import { csvLine, currentActor, currentRequestId, currentTenantId, Database, runAs, shownNames } from '@app/platform';
import { shownFields } from '@app/records';
import { Injectable } from '@nestjs/common';
import { INQUIRY_COLUMNS, shownInquiries } from '../inquiries/inquiries.list.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { reachOf } from '../inquiries/inquiry.reach.js';

const BATCH = 500;

/** Of several promises of one kind the last; broken for good as soon as one was. */
const promise = (kind: string): string =>
  `(select case when bool_or(c.state = 'breached') then 'breached' else (array_agg(c.state order by c.started_at desc))[1] end
    from inquiry_clocks c where c.tenant_id = i.tenant_id and c.inquiry_id = i.id and c.kind = '${kind}')`;

const { reference, subject, status, priority, category, channel, customerId, assignedTo, teamId } = INQUIRY_COLUMNS;
const { mergedInto, createdAt, firstRespondedAt, resolvedAt, closedAt, reopenCount, customerMessageCount } =
  INQUIRY_COLUMNS;
const COLUMNS = {
  ...{ reference, subject, status, priority, category, channel, customerId, assignedTo, teamId, mergedInto },
  ...{ createdAt, firstRespondedAt, resolvedAt, closedAt, reopenCount, customerMessageCount },
  firstResponseSeconds: 'extract(epoch from i.first_responded_at - i.created_at)::int',
  resolutionSeconds: 'extract(epoch from i.resolved_at - i.created_at)::int',
  firstResponsePromise: promise('first_response'),
  nextResponsePromise: promise('next_response'),
  resolutionPromise: promise('resolution'),
  satisfaction: '(select s.score from satisfaction_surveys s where s.tenant_id = i.tenant_id and s.inquiry_id = i.id)',
  escalatedSteps:
    '(select count(*)::int from inquiry_escalations e where e.tenant_id = i.tenant_id and e.inquiry_id = i.id)',
} as const;
/** With the tenant's own fields as JSON, as whoever asks may see them. */
const columns = () => ({ ...COLUMNS, customFields: `(${shownFields('inquiries', 'i.custom_fields')})::text` });

type Name = keyof ReturnType<typeof columns>;
type Row = Record<Name, string | number | Date | null> & { id: string };
export type Period = { readonly from?: Date; readonly until?: Date };

/** One row an inquiry, as many as there are, and never more of them in memory than a batch. */
@Injectable()
export class ExportingService {
  constructor(private readonly db: Database) {}

  /** What the actor may read, by the time it was asked; on record before the first row leaves. */
  async export(period: Period): Promise<Readable> {
    await this.db.audit('inquiries', currentTenantId(), 'exported', { after: period });
    const [actor, requestId] = [currentActor(), currentRequestId()];
    // read as the stream is drained, when the request's scope may be gone
    const next = (after: string | null): Promise<Row[]> => runAs(actor, requestId, () => this.batch(period, after));
    return Readable.from(lines(Object.keys(shownNames('inquiries', columns())) as Name[], next));
  }

  private batch({ from, until }: Period, after: string | null): Promise<Row[]> {
    const params: unknown[] = [currentTenantId(), from ?? null, until ?? null, after];
    const reached = reachOf(currentActor(), InquiryPermissions.read, params);
    const selected = Object.entries(columns()).map(([name, sql]) => `${sql} as "${name}"`);
    const inquiries = shownInquiries(currentActor(), params);
    return this.db.query<Row>(
      `select i.id, ${selected.join(', ')} from ${inquiries} where i.tenant_id = $1 and i.deleted_at is null and ${reached}
         and ($2::timestamptz is null or i.created_at >= $2) and ($3::timestamptz is null or i.created_at < $3)
         and ($4::uuid is null or i.id > $4) order by i.id limit ${BATCH}`,
      params,
    );
  }
}

async function* lines(names: readonly Name[], next: (after: string | null) => Promise<Row[]>): AsyncGenerator<string> {
  yield csvLine(names);
  for (let rows = await next(null); rows.length > 0; rows = await next(rows.at(-1)?.id ?? null)) {
    yield rows.map((row) => csvLine(names.map((name) => row[name]))).join('');
    if (rows.length < BATCH) return;
  }
}
