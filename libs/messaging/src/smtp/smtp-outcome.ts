import { normaliseAddress } from '../messages/mail-address.js';
import type { Answer } from '../messages/message.entity.js';
import type { Outcome } from './mail-transport.js';

/** What nodemailer tells of a failed send. */
export type SmtpFault = Error & {
  code?: string;
  response?: string | false;
  responseCode?: number;
  permanent?: boolean;
  recipient?: string;
  rejectedErrors?: SmtpFault[];
};

type Taken = { accepted: readonly string[]; rejectedErrors?: SmtpFault[]; response: string };

const LONGEST_RESPONSE = 1000;
// RFC 3463: no such mailbox, host or syntax, moved without address, null MX; mailbox disabled. A 550 without such a code may
// as well be a policy against us, and would put good addresses on the list.
const BOUNCE = /^5\d\d[ -]5\.(?:1\.(?:1|2|3|6|10)|2\.1)(?!\d)/;
// What the server said of this mail. Its refusals of the connection or of our password say nothing of the mail.
const OF_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE']);

export function outcomeOfSent({ accepted, rejectedErrors = [], response }: Taken): Outcome {
  return answered(
    { accepted: accepted.map(normaliseAddress), refused: rejectedErrors.map(refusalOf), response: clean(response) },
    rejectedErrors,
  );
}

/** `isHandedOver`: the text had begun to leave when it failed. */
export function outcomeOfFault(fault: SmtpFault, isHandedOver: boolean, envelope: readonly string[]): Outcome {
  const response = clean(fault.response || fault.message);
  if (isHandedOver && !fault.responseCode) return { kind: 'ambiguous', reason: response };
  if (fault.rejectedErrors?.length)
    return answered({ accepted: [], refused: fault.rejectedErrors.map(refusalOf), response }, fault.rejectedErrors);
  const isPermanent = isOfTheMail(fault) && (fault.permanent ?? fault.code === 'EMESSAGE');
  const refused = envelope.map((address) => ({ address: normaliseAddress(address), isPermanent, response }));
  // of several recipients it does not say whom it means
  const [only] = envelope.length === 1 ? envelope : [];
  return answered(
    { accepted: [], refused, response },
    isPermanent && only ? [Object.assign(fault, { recipient: only })] : [],
  );
}

const answered = (answer: Answer, faults: readonly SmtpFault[]): Outcome => ({
  kind: 'answered',
  answer,
  bounced: faults
    .filter(({ response }) => response && BOUNCE.test(response))
    .map(({ recipient = '' }) => normaliseAddress(recipient)),
});

const isOfTheMail = ({ code = '' }: SmtpFault): boolean => OF_THE_MAIL.has(code);

function refusalOf(fault: SmtpFault): Answer['refused'][number] {
  const response = clean(fault.response || fault.message);
  return { address: normaliseAddress(fault.recipient ?? ''), isPermanent: fault.permanent ?? false, response };
}

/** A server's words, fit to be kept: PostgreSQL stores no NUL, and a log line is one line. */

const clean = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, LONGEST_RESPONSE);
