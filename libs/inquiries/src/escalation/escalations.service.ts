import type { UserCard } from '@app/auth';
import type { PayloadOf } from '@app/kernel';
import { Messaging } from '@app/messaging';
import { Database } from '@app/platform';
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

  /** One step, once. An answer stops its clock while it holds the inquiry: from here on none comes in between. */
  async take(due: Due): Promise<void> {
    await this.work.doInside(due.inquiryId, undefined, async (inquiry, now) => {
      const clock = await this.db.find(InquiryClock, due.clockId);
      const { outcome, people } = clock?.isRunning ? await this.act(due.action, inquiry) : STOPPED;
      const done = { outcome, told: people.map(({ id }) => id), at: now };
      const escalation = await this.db.create(Escalation.of(due, done));
      if (people.length === 0) return;
      await this.messaging.send(escalationMail(inquiry, due, people, outcome === 'reassigned', escalation.id));
    });
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
