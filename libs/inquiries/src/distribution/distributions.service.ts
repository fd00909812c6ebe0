import { Clock } from '@app/kernel';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Inquiry } from '../inquiries/inquiry.entity.js';
import { InquiryWork } from '../inquiries/inquiry-work.js';
import { Distribution } from './distribution.entity.js';
import { DistributionCalls, handsOf } from './distribution-calls.js';
import { DistributionRule } from './distribution-rule.entity.js';
import { NotDistributed } from './distribution.errors.js';
import { judge } from './distribution.policy.js';
import { TeamAtWork } from './team-at-work.js';

const BATCH = 50;

/** Gives inquiries that are nobody's to people of their team. */
@Injectable()
export class DistributionsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly work: InquiryWork,
    private readonly people: TeamAtWork,
    private readonly calls: DistributionCalls,
  ) {}

  /** The most urgent first, as long as somebody may get one; what is left outside of working hours waits for them. */
  async distribute(teamId: string): Promise<void> {
    await this.db.transaction(async () => {
      const rule = await this.turnOf(teamId);
      if (!rule) return;
      const offered = await this.offered(teamId);
      let given = 0;
      for (const id of offered) {
        const assignedTo = await this.give(id, rule);
        if (assignedTo) given++;
        else if (!rule.needsSkill) break; // whoever may not get this one may get none of the others
      }
      if (given > 0 && offered.length === BATCH) await this.calls.call(teamId);
      if (given < offered.length) await this.waitForOpening(rule);
    });
  }

  /** One inquiry, now. @throws NotDistributed, InquiryIsMerged, NothingToDo; RecordNotFound */
  async distributeOne(id: string): Promise<Inquiry> {
    return this.db.transaction(async () => {
      const inquiry = await this.db.get(Inquiry, id);
      inquiry.assertWorkable();
      const { teamId } = inquiry;
      const rule = teamId ? await this.turnOf(teamId) : undefined;
      if (!rule) throw new NotDistributed(id);
      await this.give(id, rule);
      return this.db.get(Inquiry, id);
    });
  }

  /** Distributions of one team go one after the other: each sees what the one before it gave to whom. */
  private async turnOf(teamId: string): Promise<DistributionRule | undefined> {
    await this.db.query(
      "select pg_advisory_xact_lock(hashtextextended('distribution of ' || $1::text || ' ' || $2::text, 0))",
      [currentTenantId(), teamId],
    );
    return this.db.find(DistributionRule, teamId);
  }

  private async give(id: string, rule: DistributionRule): Promise<string | null> {
    let assignedTo: string | null = null;
    await this.work.doInside(id, undefined, async (inquiry, now) => {
      const { isOffered, teamId } = handsOf(inquiry);
      if (!isOffered || teamId !== rule.id) return; // somebody was faster
      const { strategy } = rule;
      const skill = rule.needsSkill ? inquiry.category : null;
      const isOpen = await this.people.isOpen(rule, now);
      const last = await this.lastOf(id);
      const occasion = { strategy, skill, isOpen, former: last?.assignedTo ?? null };
      const candidates = judge(await this.people.of(rule), occasion);
      const decided = Distribution.of({ inquiryId: id, teamId: rule.id, strategy, candidates, at: now });
      ({ assignedTo } = decided);
      if (assignedTo) inquiry.assign({ assignedTo });
      // that nobody may have it is kept once, not at each try
      if (assignedTo || !last || last.assignedTo) await this.db.create(decided);
    });
    return assignedTo;
  }

  private async offered(teamId: string): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      `select id from inquiries where tenant_id = $1 and team_id = $2 and assigned_to is null and deleted_at is null
         and status in ('new', 'open') order by due_at nulls last, created_at, id limit ${BATCH}`,
      [currentTenantId(), teamId],
    );
    return rows.map(({ id }) => id);
  }

  private async waitForOpening(rule: DistributionRule): Promise<void> {
    const now = this.clock.now();
    if (!(await this.people.isOpen(rule, now))) await this.calls.call(rule.id, await this.people.opening(rule, now));
  }

  private lastOf(inquiryId: string): Promise<Pick<Distribution, 'assignedTo'> | undefined> {
    return this.db.one(
      'select assigned_to as "assignedTo" from distributions where tenant_id = $1 and inquiry_id = $2 order by at desc, id desc limit 1',
      [currentTenantId(), inquiryId],
    );
  }
}
