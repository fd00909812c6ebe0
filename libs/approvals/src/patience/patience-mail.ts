import type { OutgoingMail } from '@app/messaging';
import type { ApprovalRequest } from '../requests/approval-request.entity.js';
import type { Addressee } from '../requests/approver-roll.js';

const LONGEST_TITLE = 200;
const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, LONGEST_TITLE)
    .toWellFormed();

type Occasion = 'reminder' | 'escalation' | 'handover';
const OPENINGS: Readonly<Record<Occasion, string>> = {
  reminder: 'this still waits for a decision, and you may make it:',
  handover: 'this was passed on to you for a decision:',
  escalation: 'this has waited too long for a decision, and now you may make it as well:',
};

/** One mail to all of them. A reminder and an escalation of one stage are one mail each, however often they are asked for. */
export function patienceMail(
  occasion: Occasion,
  { id, stage, title, revision, dueAt, version }: ApprovalRequest,
  to: readonly Addressee[],
): OutgoingMail {
  const due = dueAt ? [`It is needed by ${dueAt.toISOString()}.`] : [];
  const lines = ['Hello,', '', OPENINGS[occasion], '', `    ${oneLine(title)}`, ''];
  return {
    to: to.map(({ email, name }) => ({ address: email, name: oneLine(name) })),
    subject: `Waiting for your decision: ${oneLine(title)}`,
    text: [
      ...lines,
      ...due,
      `Decide on revision ${revision} with POST /api/v1/approvals/${id}/approve or /reject.`,
      '',
    ].join('\n'),
    purpose: 'transactional',
    autoSubmitted: true,
    about: { kind: `approvals.${occasion}`, id, revision: occasion === 'handover' ? version : stage },
  };
}
