import type { UserCard } from '@app/auth';
import type { PayloadOf } from '@app/kernel';
import { Messaging } from '@app/messaging';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { SlaEscalated } from '../events.js';
import type { Inquiry } from '../inquiries/inquiry.entity.js';
import { InquiryWork } from '../inquiries/inquiry-work.js';
import { InquiryClock } from '../sla/inquiry-clock.entity.js';
import type { EscalationAction } from '../sla/sla.policy.js';
import { Escalation, type EscalationOutcome } from './escalation.entity.js';
import { escalationMail } from './escalation-mail.js';
import { Superiors } from './superiors.js';

type Due = PayloadOf<typeof SlaEscalated>;
type Occasion = { readonly inquiry: Inquiry; readonly isRunning: boolean; readonly now: Date };
type Taken = { readonly outcome: EscalationOutcome; readonly people: readonly UserCard[] };

const STOPPED: Taken = { outcome: 'stopped', people: [] };

/** What is done about an inquiry that nobody answers in time. */
@Injectable()
export class EscalationsService {
  constructor(
    private readonly db: Database,
    private readonly work: InquiryWork,
    private readonly superiors: Superiors,
    private readonly messaging: Messaging,
  ) {}

  /**
   * One step, once, and before it those that were told of earlier and whose turn has not come yet: events of one moment are
   * delivered in any order. An answer stops its clock while it holds the inquiry: from here on none comes in between.
   */
  async take(due: Due): Promise<void> {
    await this.work.doInside(due.inquiryId, undefined, async (inquiry, now) => {
      const clock = await this.db.find(InquiryClock, due.clockId);
      const occasion = { inquiry, isRunning: clock?.isRunning ?? false, now };
      const taken = await this.taken(due.clockId);
      const steps = [...(clock?.toldBefore(due.step) ?? []).map((earlier) => ({ ...due, ...earlier })), due];
      for (const step of steps) if (!taken.has(step.step)) await this.takeOne(step, occasion);
    });
  }

  private async takeOne(due: Due, { inquiry, isRunning, now }: Occasion): Promise<void> {
    const { outcome, people } = isRunning ? await this.act(due.action, inquiry) : STOPPED;
    const done = { outcome, told: people.map(({ id }) => id), at: now };
    const escalation = await this.db.create(Escalation.of(due, done));
    if (people.length === 0) return;
    await this.messaging.send(escalationMail(inquiry, due, people, outcome === 'reassigned', escalation.id));
  }

  private async taken(clockId: string): Promise<Set<number>> {
    const rows = await this.db.query<{ step: number }>(
      'select step from inquiry_escalations where tenant_id = $1 and clock_id = $2',
      [currentTenantId(), clockId],
    );
    return new Set(rows.map(({ step }) => step));
  }

  /** Whoever is asked for and has it already, or has it from above, keeps it and is told. */
  private async act(action: EscalationAction, inquiry: Inquiry): Promise<Taken> {
    const { assignedTo, teamId } = inquiry;
    const managers = action === 'notify' ? [] : await this.superiors.managersFor(teamId);
    const leads = action === 'reassign_to_lead' ? await this.superiors.leadsOf(teamId) : [];
    const isHighEnough = [...leads, ...managers].some(({ id }) => id === assignedTo);
    if (action === 'notify' || isHighEnough) return this.tell(inquiry);
    const next = await this.superiors.leastBusy(leads.length > 0 ? leads : managers);
    if (!next) return this.tell(inquiry);
    inquiry.assign({ assignedTo: next.id });
    return { outcome: 'reassigned', people: [next] };
  }

  private async tell({ assignedTo, teamId }: Inquiry): Promise<Taken> {
    const people = await this.superiors.concerned(assignedTo, teamId);
    return { outcome: people.length > 0 ? 'told' : 'nobody', people };
  }
}
