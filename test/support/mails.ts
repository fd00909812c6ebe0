/** A mail as a customer's program writes it. */
export function aMail(
  over: {
    from?: string;
    to?: string;
    subject?: string;
    messageId?: string;
    inReplyTo?: string;
    references?: string[];
    text?: string;
    attachment?: { name: string; text: string };
  } = {},
): string {
  const boundary = 'nexus-boundary';
  const text = over.text ?? 'Hello,\r\n\r\nmy order has not arrived. Where is it?\r\n\r\nGrace';
  const headers = [
    `From: ${over.from ?? 'Grace Hopper <grace@navy.example>'}`,
    `To: ${over.to ?? 'support@demo.example'}`,
    `Subject: ${over.subject ?? 'Where is my order?'}`,
    `Message-ID: ${over.messageId ?? `<${Math.random().toString(36).slice(2)}@navy.example>`}`,
    ...(over.inReplyTo ? [`In-Reply-To: ${over.inReplyTo}`] : []),
    ...(over.references ? [`References: ${over.references.join(' ')}`] : []),
    `Date: ${new Date().toUTCString()}`,
    'MIME-Version: 1.0',
  ];
  const body = { type: 'Content-Type: text/plain; charset=utf-8', text };
  if (!over.attachment) return [...headers, body.type, '', body.text, ''].join('\r\n');
  const file = Buffer.from(over.attachment.text).toString('base64');
  return [
    ...headers,
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    body.type,
    '',
    body.text,
    `--${boundary}`,
    `Content-Type: text/plain; name="${over.attachment.name}"`,
    `Content-Disposition: attachment; filename="${over.attachment.name}"`,
    'Content-Transfer-Encoding: base64',
    '',
    file,
    `--${boundary}--`,
    '',
  ].join('\r\n');
}
