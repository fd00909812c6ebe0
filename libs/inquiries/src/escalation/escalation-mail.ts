import type { UserCard } from '@app/auth';
import type { PayloadOf } from '@app/kernel';
import type { OutgoingMail } from '@app/messaging';
import type { SlaEscalated } from '../events.js';
import type { Inquiry } from '../inquiries/inquiry.entity.js';
import { oneLine, referenceOf } from '../inquiries/inquiry.policy.js';
import type { ClockKind } from '../sla/sla.policy.js';

const PROMISES: Record<ClockKind, string> = {
  first_response: 'the first answer',
  next_response: 'the next answer',
  resolution: 'the resolution',
};

type Told = Pick<PayloadOf<typeof SlaEscalated>, 'clock' | 'dueAt' | 'after'>;

/** Tells people of the house; nobody answers it. */
export function escalationMail(
  { number, subject, visibility }: Pick<Inquiry, 'number' | 'subject' | 'visibility'>,
  { clock, dueAt, after }: Told,
  people: readonly UserCard[],
  isNowTheirs: boolean,
  id: string,
): OutgoingMail {
  const state = after < 1 ? 'is nearly due' : 'is late';
  // it goes to leads and managers, who need not be among those whom a message is for
  const about = visibility === 'all' ? `: ${oneLine(subject)}` : '';
  return {
    to: people.map(({ email, name }) => ({ address: email, name })),
    subject: `${referenceOf(number)} ${state}${about}`,
    text: [
      `${referenceOf(number)}${about}`,
      '',
      `${PROMISES[clock]} was promised by ${dueAt} and ${after < 1 ? 'is not given yet' : 'was not given in time'}.`,
      ...(isNowTheirs ? ['The inquiry is yours from now on.'] : []),
      '',
    ].join('\n'),
    purpose: 'transactional',
    autoSubmitted: true,
    about: { kind: 'inquiries.escalation', id },
  };
}
