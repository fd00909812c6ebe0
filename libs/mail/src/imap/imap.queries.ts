import { currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Comparison, type Counts, summaryOf, verdictOf } from './completeness.policy.js';
import { ImapNotConfigured } from './imap.errors.js';
import type { AccountedMailView, CompletenessQuery, CompletenessView, ImapView, PollView } from './imap.dto.js';

const NAMED = 100;

const VIEW = `select s.id, s.host, s.port, s.security, s.username, s.folder, s.interval_seconds as "intervalSeconds",
    s.marks_seen as "marksSeen", s.version, s.created_at as "createdAt", s.updated_at as "updatedAt"
  from imap_sources s where s.tenant_id = $1 and s.id = $2`;

const POLL = `select p.state, p.error_code as "errorCode", p.error, p.failures,
    coalesce(p.lease_until > clock_timestamp(), false) as "isPolling", p.polled_at as "polledAt", p.succeeded_at as "succeededAt",
    p.next_poll_at as "nextPollAt"`;

const COMPARED = `${POLL}, s.interval_seconds as "intervalSeconds", p.claimed, p.listed, p.compared_at as "comparedAt",
    p.uid_validity as "uidValidity", extract(epoch from clock_timestamp() - p.compared_at)::float8 as age,
    extract(epoch from clock_timestamp() - p.succeeded_at)::float8 as silence
  from imap_sources s join imap_polls p on p.tenant_id = s.tenant_id and p.id = s.id where s.tenant_id = $1 and s.id = $2`;

// What has no date belongs to every window: it must not fall out of all of them.
const LEDGER = `with ledger as (
  select u.uid, u.state, u.tries, u.message_id, u.internal_date, u.mail_id, m.state as mail_state,
    coalesce(m.quarantine_reason, u.reason) as reason, u.repeats,
    u.mail_id is not null and row_number() over (partition by u.mail_id order by u.uid) > 1 as is_copy
  from imap_uids u left join mails m on m.tenant_id = u.tenant_id and m.id = u.mail_id
  where u.tenant_id = $1 and u.mailbox_id = $2 and u.uid_validity = $3 and u.is_listed
    and (u.internal_date is null or (($4::timestamptz is null or u.internal_date >= $4) and ($5::timestamptz is null or u.internal_date < $5))))`;
const KINDS = {
  missing: "l.state = 'listed' and l.tries > 0",
  quarantined: "coalesce(l.mail_state = 'quarantined', false)",
  refused: "l.state = 'refused'",
  doubled: 'l.repeats > 0 or l.is_copy',
};

const COUNTS = `${LEDGER} select count(*)::int as listed, count(*) filter (where l.state <> 'listed')::int as accounted,
  count(*) filter (where l.state = 'listed' and l.tries = 0)::int as waiting,
  ${Object.entries(KINDS)
    .map(([kind, holds]) => `count(*) filter (where ${holds})::int as ${kind}`)
    .join(', ')} from ledger l`;

const NAMES = `${LEDGER} select kind, uid, "messageId", "receivedAt", "mailId", reason from (
    select k.kind, l.uid, l.message_id as "messageId", l.internal_date as "receivedAt", l.mail_id as "mailId",
      case k.kind when 'doubled' then case when l.is_copy then 'same_as_another' else 'given_' || l.repeats + 1 || '_times' end else l.reason end as reason,
      row_number() over (partition by k.kind order by l.uid) as at
    from ledger l cross join lateral (values ${Object.entries(KINDS)
      .map(([kind, holds]) => `('${kind}', ${holds})`)
      .join(', ')}) k(kind, holds) where k.holds) named
  where at <= ${NAMED} order by kind, uid`;

const dateOf = (instant: string | undefined): Date | null => (instant === undefined ? null : new Date(instant));

type Compared = Comparison & PollView & { comparedAt: Date | null; uidValidity: number | null };
const pollOf = ({
  state,
  errorCode,
  error,
  failures,
  isPolling,
  polledAt,
  succeededAt,
  nextPollAt,
}: PollView): PollView => ({
  ...{ state, errorCode, error, failures },
  ...{ isPolling, polledAt, succeededAt, nextPollAt },
});

type Named = AccountedMailView & { kind: keyof typeof KINDS };

@Injectable()
export class ImapQueries {
  constructor(private readonly db: Database) {}

  /** @throws RecordNotFound, ImapNotConfigured */
  async get(mailboxId: string): Promise<ImapView> {
    return (await this.db.one<ImapView>(VIEW, [currentTenantId(), mailboxId])) ?? this.refuse(mailboxId);
  }

  /** @throws RecordNotFound, ImapNotConfigured */
  async poll(mailboxId: string): Promise<PollView> {
    const sql = `${POLL} from imap_polls p where p.tenant_id = $1 and p.id = $2`;
    return (await this.db.one<PollView>(sql, [currentTenantId(), mailboxId])) ?? this.refuse(mailboxId);
  }

  /** What the server listed against what we know of each, by the rows that every poll leaves. @throws RecordNotFound, ImapNotConfigured */
  async completeness(mailboxId: string, { from, until }: CompletenessQuery): Promise<CompletenessView> {
    const found = await this.db.one<Compared>(COMPARED, [currentTenantId(), mailboxId]);
    const compared = found ?? (await this.refuse(mailboxId));
    const values = [currentTenantId(), mailboxId, compared.uidValidity, dateOf(from), dateOf(until)];
    const counts = (await this.db.one<Counts>(COUNTS, values)) as Counts;
    const named = await this.db.query<Named>(NAMES, values);
    const those = (kind: Named['kind']): AccountedMailView[] =>
      named.filter((one) => one.kind === kind).map(({ kind: _, ...one }) => one);
    return {
      mailboxId,
      ...verdictOf(compared, counts),
      summary: summaryOf(counts),
      comparedAt: compared.comparedAt,
      uidValidity: compared.uidValidity,
      poll: pollOf(compared),
      counts: { claimed: compared.claimed, ...counts },
      missing: those('missing'),
      quarantined: those('quarantined'),
      refused: those('refused'),
      doubled: those('doubled'),
    };
  }

  private async refuse(mailboxId: string): Promise<never> {
    const sql = 'select 1 from mailboxes where tenant_id = $1 and id = $2';
    const isMailbox = await this.db.one(sql, [currentTenantId(), mailboxId]);
    throw isMailbox ? new ImapNotConfigured(mailboxId) : new RecordNotFound('mailbox', mailboxId);
  }
}
