import { randomUUID } from 'node:crypto';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { COMPARE_EVERY_SECONDS } from './completeness.policy.js';
import type { ImapFault } from './imap.errors.js';

/** Beyond the longest step of a poll: each step renews it. */
const LEASE_SECONDS = 180;
const MOST_DELAY_SECONDS = 3600;

/** One poll's hold on a mailbox. Of several workers one has it; who lost it changes nothing any more. */
export type Turn = {
  readonly id: string;
  readonly fence: string;
  readonly uidValidity: number | null;
  readonly lastUid: number;
  readonly wantsComparison: boolean;
};

/** Another worker took the mailbox over while we were slow. */
export class TurnLost extends Error {}

/** The tenant stands still since the poll began: what is not read yet waits until it works again. */
export class TenantHeld extends Error {}

const TAKE = `update imap_polls p set fence = $3, lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}),
    next_poll_at = clock_timestamp() + make_interval(secs => s.interval_seconds)
  from imap_sources s, mailboxes b
  where p.tenant_id = $1 and p.id = $2 and s.tenant_id = p.tenant_id and s.id = p.id and b.tenant_id = p.tenant_id and b.id = p.id
    and b.deleted_at is null and (p.lease_until is null or p.lease_until <= clock_timestamp())
    and not tenant_is_held(p.tenant_id)
  returning p.id, p.fence, p.uid_validity as "uidValidity", p.last_uid as "lastUid",
    p.wants_comparison or p.compared_at is null
      or p.compared_at < clock_timestamp() - make_interval(secs => ${COMPARE_EVERY_SECONDS}) as "wantsComparison"`;

const RELEASED = 'fence = null, lease_until = null, polled_at = clock_timestamp()';

/** Whose turn it is, how far each mailbox was read, and how its last poll ended. */
@Injectable()
export class ImapPolls {
  constructor(private readonly db: Database) {}

  /** Undefined while another worker polls it or its tenant stands still, or when there is nothing to poll any more. */
  async take(mailboxId: string): Promise<Turn | undefined> {
    return this.db.one<Turn>(TAKE, [currentTenantId(), mailboxId, randomUUID()]);
  }

  /** @throws TurnLost, TenantHeld */
  async renew(turn: Turn): Promise<void> {
    await this.move(turn, `lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`, []);
    const held = await this.db.one('select 1 where tenant_is_held($1)', [currentTenantId()]);
    if (held) throw new TenantHeld();
  }

  /** Everything up to this id is in the ledger. @throws TurnLost */
  advance(turn: Turn, uidValidity: number, lastUid: number): Promise<void> {
    return this.move(turn, 'uid_validity = $4, last_uid = $5', [uidValidity, lastUid]);
  }

  /** @throws TurnLost */
  compared(turn: Turn, { claimed, listed }: { claimed: number; listed: number }): Promise<void> {
    const sets = 'wants_comparison = false, compared_at = clock_timestamp(), claimed = $4, listed = $5';
    return this.move(turn, sets, [claimed, listed]);
  }

  /** `hasMore`: it stopped before the end, so that others have their turn. @throws TurnLost */
  succeed(turn: Turn, hasMore: boolean): Promise<void> {
    const next = 'case when $4 then clock_timestamp() else next_poll_at end';
    const sets = `${RELEASED}, succeeded_at = clock_timestamp(), state = 'ok', failures = 0, error_code = null, error = null, next_poll_at = ${next}`;
    return this.move(turn, sets, [hasMore]);
  }

  /** Each failure in a row doubles the time to the next poll, up to an hour. @throws TurnLost */
  fail(turn: Turn, { code, message }: ImapFault): Promise<void> {
    const later = `clock_timestamp() + least(${MOST_DELAY_SECONDS}, extract(epoch from next_poll_at - clock_timestamp()) + 15 * 2 ^ least(failures, 10)) * interval '1 second'`;
    const sets = `${RELEASED}, state = 'failing', failures = failures + 1, error_code = $4, error = $5, next_poll_at = ${later}`;
    return this.move(turn, sets, [code, message]);
  }

  /** It did not come to an end: the next worker goes on at once. @throws TurnLost */
  yield(turn: Turn): Promise<void> {
    return this.move(turn, 'fence = null, lease_until = null, next_poll_at = clock_timestamp()', []);
  }

  private async move(turn: Turn, sets: string, values: unknown[]): Promise<void> {
    const moved = await this.db.query(
      `update imap_polls set ${sets} where tenant_id = $1 and id = $2 and fence = $3 returning 1`,
      [currentTenantId(), turn.id, turn.fence, ...values],
    );
    if (!moved.length) throw new TurnLost();
  }
}
