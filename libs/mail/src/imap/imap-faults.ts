import { OutboundRefused } from '@app/platform';
import { cleanLine } from '../parsing/text.js';
import { ImapFault, type ImapFaultCode } from './imap.errors.js';

/** What imapflow and Node say of a failure. */
type Failed = Error & {
  code?: string;
  authenticationFailed?: boolean;
  tlsFailed?: boolean;
  mailboxMissing?: boolean;
  responseStatus?: string;
  responseText?: string;
};

const BY_CODE: Record<string, ImapFaultCode> = {
  ECONNREFUSED: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timed_out',
  ETIMEOUT: 'timed_out',
  CONNECT_TIMEOUT: 'timed_out',
  GREETING_TIMEOUT: 'timed_out',
  UPGRADE_TIMEOUT: 'timed_out',
  ECONNRESET: 'disconnected',
  EPIPE: 'disconnected',
  NoConnection: 'disconnected',
  EConnectionClosed: 'disconnected',
  ClosedAfterConnectTLS: 'disconnected',
  ClosedAfterConnectText: 'disconnected',
  LiteralTooLarge: 'too_much',
  LineTooLarge: 'too_much',
  ResponseTooLarge: 'too_much',
};
const BY_REFUSAL: Partial<Record<OutboundRefused['fault'], ImapFaultCode>> = {
  private_address: 'private_address',
  too_slow: 'timed_out',
};
const TLS = /^(?:ERR_TLS|ERR_SSL|CERT_|EPROTO|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|STARTTLS_)/;

const SAID: Record<ImapFaultCode, string> = {
  unreachable: 'The server can not be reached',
  timed_out: 'The server did not answer in time',
  tls_failed: 'No trustworthy encrypted connection came about',
  authentication_failed: 'The server refused the login',
  folder_missing: 'There is no such folder',
  disconnected: 'The server ended the connection',
  too_much: 'The server sent more than a mail may have',
  protocol_violated: 'The server answered what IMAP does not allow',
  password_unreadable: 'The stored password can not be read: enter it again',
  private_address: 'The server stands on a private address, which OUTBOUND_PRIVATE_NETWORKS does not open',
  interrupted: 'The poll did not come to its end, by no fault of the server',
};

export const fault = (code: ImapFaultCode, told?: string): ImapFault => {
  const words = cleanLine(told ?? '', 300);
  return new ImapFault(code, words ? `${SAID[code]}: ${words}` : SAID[code]);
};

/** What a person is told of it: our words, and those of the server where it has some. */
export function faultOf(error: unknown): ImapFault {
  if (error instanceof ImapFault) return error;
  if (error instanceof OutboundRefused) return fault(BY_REFUSAL[error.fault] ?? 'unreachable');
  const failed = error as Failed;
  return fault(codeOf(failed), failed.responseText);
}

function codeOf({ code = '', ...failed }: Failed): ImapFaultCode {
  if (failed.authenticationFailed) return 'authentication_failed';
  if (failed.mailboxMissing) return 'folder_missing';
  if (failed.tlsFailed || TLS.test(code)) return 'tls_failed';
  return BY_CODE[code] ?? 'protocol_violated';
}

/** Whether the server said no to one command and goes on listening. */
export const isRefusal = (error: unknown): error is Failed =>
  ['NO', 'BAD'].includes((error as Failed | undefined)?.responseStatus ?? '');
