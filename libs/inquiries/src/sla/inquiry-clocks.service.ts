import { Clock, type PayloadOf } from '@app/kernel';
import { currentTenantId, Database, Jobs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Inquiry } from '../inquiries/inquiry.entity.js';
import { InquiryClock } from './inquiry-clock.entity.js';
import { CLOCK_KINDS, type ClockKind, type Wish, wishesFor } from './sla.policy.js';
import { CheckClock, RecomputeClocks } from './sla.jobs.js';
import { type Agreement, SlaTerms } from './sla-terms.js';

const BATCH = 50;

type Turn = {
  readonly inquiry: Inquiry;
  readonly at: Date;
  readonly agreement: Agreement;
  readonly wishes: Readonly<Record<ClockKind, Wish>>;
  /** The hours themselves may have been changed. */
  readonly isRecount: boolean;
};

const isGoing = (wish: Wish): boolean => wish === 'run' || wish === 'pause';

/** Keeps the clocks of inquiries in step with how the inquiries stand. */
@Injectable()
export class InquiryClocks {
  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly terms: SlaTerms,
  ) {}

  /** What a new inquiry is promised. It knows its deadline from now on; the caller writes the clocks with it. */
  async plan(inquiry: Inquiry, at: Date): Promise<InquiryClock[]> {
    const turn = await this.turnOf(inquiry, at);
    const clocks = CLOCK_KINDS.flatMap((kind) => start(kind, turn) ?? []);
    inquiry.promiseBy(nearest(clocks));
    return clocks;
  }

  /** In the transaction that writes these new clocks. */
  wakeForAll(clocks: readonly InquiryClock[]): Promise<void> {
    return this.jobs.enqueueAll(CheckClock, clocks.flatMap(wakingOf));
  }

  /** After a verb on an inquiry that the open transaction holds locked: its clocks follow, its deadline with them. */
  async follow(inquiry: Inquiry, at: Date): Promise<void> {
    await this.align(await this.turnOf(inquiry, at), await this.held(inquiry.id));
  }

  /** The timer's question. Its clock may have moved on since: what is due is what stands in the row now. */
  async check(clockId: string, at: Date): Promise<void> {
    await this.db.transaction(async () => {
      const [clock] = await this.db.findWhere(InquiryClock, 'tenant_id = $1 and id = $2 for update', [
        currentTenantId(),
        clockId,
      ]);
      if (!clock) return;
      const before = clock.nextCheck;
      clock.check(at);
      if (clock.isToEscalate(at)) clock.escalate(at, await this.terms.hoursOf(clock.calendarId, clock.teamId));
      await this.db.save(clock);
      await this.wakeFor(clock, before);
    });
  }

  /** The open inquiries after this one, a batch of them, and a job for those behind. */
  async recompute(after: string | null): Promise<void> {
    await this.db.transaction(async () => {
      const open = await this.db.query<{ id: string }>(
        `select distinct inquiry_id as id from inquiry_clocks
         where tenant_id = $1 and stopped_at is null and ($2::uuid is null or inquiry_id > $2) order by 1 limit ${BATCH}`,
        [currentTenantId(), after],
      );
      for (const { id } of open) await this.recomputeOne(id);
      const last = open.at(-1);
      if (last && open.length === BATCH) await this.jobs.enqueue(RecomputeClocks, { after: last.id });
    });
  }

  /** The open inquiries of one customer, whose level became another. */
  async recomputeOf(customerId: string): Promise<void> {
    await this.db.transaction(async () => {
      const open = await this.db.query<{ id: string }>(
        `select i.id from inquiries i where i.tenant_id = $1 and i.customer_id = $2 and exists (select 1 from inquiry_clocks c
           where c.tenant_id = i.tenant_id and c.inquiry_id = i.id and c.stopped_at is null) order by i.id`,
        [currentTenantId(), customerId],
      );
      for (const { id } of open) await this.recomputeOne(id);
    });
  }

  private async recomputeOne(id: string): Promise<void> {
    const inquiry = await this.db.lock(Inquiry, id);
    await this.align(await this.turnOf(inquiry, this.clock.now(), true), await this.held(id));
    await this.db.save(inquiry);
  }

  private async turnOf(inquiry: Inquiry, at: Date, isRecount = false): Promise<Turn> {
    const agreement = await this.terms.for(inquiry);
    return { inquiry, at, agreement, isRecount, wishes: wishesFor(inquiry, agreement.pausesIn) };
  }

  private held(inquiryId: string): Promise<InquiryClock[]> {
    return this.db.findWhere(InquiryClock, 'tenant_id = $1 and inquiry_id = $2 order by started_at, id for update', [
      currentTenantId(),
      inquiryId,
    ]);
  }

  private async align(turn: Turn, clocks: readonly InquiryClock[]): Promise<void> {
    const open: InquiryClock[] = [];
    for (const kind of CLOCK_KINDS) {
      const found = latest(clocks, kind, turn.inquiry);
      const clock = found ? await this.move(found, turn) : start(kind, turn);
      if (clock && !found) await this.store(clock);
      if (clock?.isOpen) open.push(clock);
    }
    turn.inquiry.expectBy(nearest(open));
  }

  private async store(clock: InquiryClock): Promise<void> {
    await this.db.create(clock);
    await this.wakeFor(clock, null);
  }

  private async move(clock: InquiryClock, { at, agreement, wishes, isRecount }: Turn): Promise<InquiryClock> {
    const nextCheck = clock.nextCheck;
    const terms = agreement.termsOf(clock.kind);
    const wish = terms ? wishes[clock.kind] : 'cancel';
    const before = await this.hoursBefore(clock, agreement);
    if (terms && isGoing(wish)) {
      if (!clock.isUnder(terms)) clock.adopt(terms, at, before, agreement.hours);
      else if (isRecount) clock.recount(at, agreement.hours);
    }
    clock.follow(wish, at, isGoing(wish) ? agreement.hours : before);
    await this.db.save(clock);
    await this.wakeFor(clock, nextCheck);
    return clock;
  }

  /** The hours a clock has run under until now; its team or its policy's calendar may just have become another. */
  private hoursBefore(clock: InquiryClock, agreement: Agreement): Promise<Agreement['hours']> {
    const terms = agreement.termsOf(clock.kind);
    const isSame = terms?.calendarId === clock.calendarId && terms.teamId === clock.teamId;
    return isSame ? Promise.resolve(agreement.hours) : this.terms.hoursOf(clock.calendarId, clock.teamId);
  }

  private async wakeFor(clock: InquiryClock, before: Date | null): Promise<void> {
    if (clock.nextCheck?.getTime() !== before?.getTime()) await this.wakeForAll([clock]);
  }
}

const wakingOf = ({ id, nextCheck: at }: InquiryClock): { payload: PayloadOf<typeof CheckClock>; at: Date }[] =>
  at ? [{ payload: { clockId: id, at: at.toISOString() }, at }] : [];

/** The clock that this standing speaks of. Each time a customer waits for a next answer has a clock of its own. */
function latest(
  clocks: readonly InquiryClock[],
  kind: ClockKind,
  { awaitsAnswerSince }: Inquiry,
): InquiryClock | undefined {
  const found = clocks.findLast((clock) => clock.kind === kind);
  const isOfAnotherWait =
    kind === 'next_response' && awaitsAnswerSince !== null && found && found.startedAt < awaitsAnswerSince;
  return isOfAnotherWait && !found.isOpen ? undefined : found;
}

function start(kind: ClockKind, { inquiry, at, agreement, wishes }: Turn): InquiryClock | undefined {
  const [terms, wish] = [agreement.termsOf(kind), wishes[kind]];
  if (!terms || !isGoing(wish)) return undefined;
  const clock = InquiryClock.start({ inquiryId: inquiry.id, kind }, terms, at, agreement.hours);
  clock.follow(wish, at, agreement.hours);
  return clock;
}

function nearest(open: readonly InquiryClock[]): Date | null {
  const due = open.flatMap(({ dueAt }) => dueAt?.getTime() ?? []);
  return due.length ? new Date(Math.min(...due)) : null;
}
