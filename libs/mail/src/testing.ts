import { newId } from '@app/kernel';

export { CORPUS } from './corpus/index.js';
export { IMAP_LOGIN, ImapServer } from './imap/testing.js';

type RawMail = {
  from?: string;
  to?: string;
  subject?: string;
  /** With angle brackets; null leaves it out. */
  messageId?: string | null;
  date?: string | null;
  text?: string;
  /** Whole header lines: `In-Reply-To: <…>`. */
  headers?: readonly string[];
  attachments?: readonly { filename: string; mimeType: string; content: Buffer }[];
};

/** A mail as it comes in, of a Message-ID of its own; a test names only what matters. */
export function aRawMail(over: RawMail = {}): Buffer {
  const { messageId = `<${newId()}@example.org>`, date = 'Mon, 2 Nov 2026 10:00:00 +0100', attachments = [] } = over;
  const head = [
    `From: ${over.from ?? 'Ann Lee <ann@example.org>'}`,
    `To: ${over.to ?? 'support@acme.example'}`,
    `Subject: ${over.subject ?? 'Broken lamp'}`,
    ...(messageId === null ? [] : [`Message-ID: ${messageId}`]),
    ...(date === null ? [] : [`Date: ${date}`]),
    ...(over.headers ?? []),
    'MIME-Version: 1.0',
  ];
  const text = ['Content-Type: text/plain; charset=utf-8', '', over.text ?? 'The lamp I bought does not light.'];
  if (!attachments.length) return Buffer.from([...head, ...text, ''].join('\r\n'));
  const parts = attachments.map(({ filename, mimeType, content }) => [
    `Content-Type: ${mimeType}`,
    `Content-Disposition: attachment; filename="${filename}"`,
    'Content-Transfer-Encoding: base64',
    '',
    content.toString('base64'),
  ]);
  const body = [text, ...parts].flatMap((part) => ['--part', ...part]);
  return Buffer.from(
    [...head, 'Content-Type: multipart/mixed; boundary=part', '', ...body, '--part--', ''].join('\r\n'),
  );
}
