import { Invalid } from '@app/kernel';

/** Why a raw mail is set aside instead of parsed. The raw bytes stay stored, so a later, better parser may try again. */
export type RefusalReason =
  | 'empty'
  | 'too_large'
  | 'too_many_lines'
  | 'too_many_headers'
  | 'headers_too_large'
  | 'too_many_parts'
  | 'too_deep'
  | 'no_sender'
  | 'unparseable';

const OBSTACLES: Record<RefusalReason, string> = {
  empty: 'The mail holds nothing',
  too_large: 'The mail is larger than the mailbox accepts',
  too_many_lines: 'The mail has more lines than can be parsed in time',
  too_many_headers: 'The mail has too many header fields',
  headers_too_large: 'The headers of the mail are too large',
  too_many_parts: 'The mail has too many parts',
  too_deep: 'The parts of the mail are nested too deeply',
  no_sender: 'The mail names no usable sender',
  unparseable: 'The mail could not be parsed',
};

/** The only error that parsing a mail ends with, whatever its bytes. */
export class MailRefused extends Invalid {
  constructor(
    readonly reason: RefusalReason,
    options: ErrorOptions = {},
  ) {
    super(`mail_${reason}`, OBSTACLES[reason], { reason });
    if (options.cause !== undefined) this.cause = options.cause;
  }
}
