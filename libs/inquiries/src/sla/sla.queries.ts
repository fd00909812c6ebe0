import { Clock } from '@app/kernel';
import {
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { Escalation } from '../escalation/escalation.entity.js';
import { InquiryClock } from './inquiry-clock.entity.js';
import { CLOCK_KINDS } from './sla.policy.js';
import { SlaTerms } from './sla-terms.js';
import type { EscalationView, InquiryClockView, SlaPolicyView } from './sla-policies.dto.js';

const POLICY = {
  id: 'p.id',
  name: 'p.name',
  position: 'p.position',
  isDefault: 'p.is_default',
  priorities: 'p.priorities',
  categories: 'p.categories',
  levels: 'p.levels',
  firstResponseSeconds: 'p.first_response_seconds',
  nextResponseSeconds: 'p.next_response_seconds',
  resolutionSeconds: 'p.resolution_seconds',
  calendarId: 'p.calendar_id',
  pausesIn: 'p.pauses_in',
  warnFraction: 'p.warn_fraction',
  escalation: 'p.escalation',
  version: 'p.version',
  createdAt: 'p.created_at',
  updatedAt: 'p.updated_at',
} as const;

export const SlaPolicyList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'p.id' },
    name: { type: 'text', column: 'p.name', sortable: true },
    position: { type: 'integer', column: 'p.position', sortable: true },
    isDefault: { type: 'boolean', column: 'p.is_default' },
    createdAt: { type: 'instant', column: 'p.created_at', sortable: true },
  }),
  defaultSort: 'position',
  outputs: Object.keys(POLICY),
};

@Injectable()
export class SlaQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
    private readonly terms: SlaTerms,
    private readonly clock: Clock,
  ) {}

  policies(query: ListQuery): Promise<Page<SlaPolicyView>> {
    return readPage<SlaPolicyView>(this.db, {
      select: POLICY,
      from: 'sla_policies p',
      where: 'p.tenant_id = $1',
      params: [currentTenantId()],
      query,
      spec: SlaPolicyList,
    });
  }

  /** The latest clock of each kind, as it stands now: three at most, so they come on one page. @throws RecordNotFound */
  async clocksOf(inquiryId: string): Promise<Page<InquiryClockView>> {
    await this.reach.assertReadable(inquiryId);
    const clocks = await this.db.findWhere(InquiryClock, 'tenant_id = $1 and inquiry_id = $2 order by started_at, id', [
      currentTenantId(),
      inquiryId,
    ]);
    const latest = [...new Map(clocks.map((clock) => [clock.kind, clock])).values()];
    const taken = await this.db.findWhere(Escalation, 'tenant_id = $1 and inquiry_id = $2', [
      currentTenantId(),
      inquiryId,
    ]);
    const data: InquiryClockView[] = [];
    for (const clock of latest) data.push({ ...(await this.read(clock)), escalation: stepsOf(clock, taken) });
    const [limit, total] = [CLOCK_KINDS.length, data.length];
    return { data, meta: { page: 1, limit, total, totalPages: 1, hasNext: false, hasPrev: false, nextCursor: null } };
  }

  private async read(clock: InquiryClock): Promise<Omit<InquiryClockView, 'escalation'>> {
    const hours = await this.terms.hoursOf(clock.calendarId, clock.teamId);
    const { kind, state, target, dueAt, warnAt, startedAt, stoppedAt, warnedAt, breachedAt, policyId } = clock;
    const { usedSeconds, pausedSeconds } = clock.countAt(this.clock.now(), hours);
    return {
      kind,
      state,
      target,
      usedSeconds,
      pausedSeconds,
      dueAt,
      warnAt,
      startedAt,
      stoppedAt,
      warnedAt,
      breachedAt,
      policyId,
    };
  }
}

/** What its policy does, what of it was done, and what is next. */
function stepsOf(clock: InquiryClock, taken: readonly Escalation[]): EscalationView[] {
  return clock.escalation.map((step, index) => {
    const found = taken.find(({ clockId, step: number }) => clockId === clock.id && number === index + 1);
    const dueAt = index === clock.escalatedSteps ? clock.escalatesAt : null;
    const { after, action } = found ?? step;
    return {
      after,
      action,
      dueAt,
      at: found?.at ?? null,
      outcome: found?.outcome ?? null,
      told: [...(found?.told ?? [])],
    };
  });
}
