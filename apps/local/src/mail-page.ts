import { type MailMessage } from './mail-message.js';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** Scripts, images and frames of a mail stay dead even if some text slipped through unescaped. */
export const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
details{border-bottom:1px solid #ddd;padding:.6rem 0}summary{cursor:pointer}small{color:#666}
pre{white-space:pre-wrap;background:#f6f6f6;padding:1rem;overflow-wrap:anywhere}`;

function entry({ id, from, recipients, subject, text, html, receivedAt }: MailMessage): string {
  const heading = `<b>${escapeHtml(subject ?? '(no subject)')}</b> <small>to ${escapeHtml(recipients.join(', '))}</small>`;
  const details = `<small>${escapeHtml(receivedAt)}, from ${escapeHtml(from ?? 'nobody')}, <a href="/messages/${id}/raw">as received</a></small>`;
  return `<details><summary>${heading}</summary>${details}<pre>${escapeHtml(text ?? html ?? '')}</pre></details>`;
}

/** The page to read the mails on, newest first as given. */
export const mailPage = (messages: readonly MailMessage[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sent mail</title><style>${STYLE}</style></head>
<body><h1>Sent mail</h1><p>${messages.length} kept here; nothing left this machine. <a href="/messages">As JSON</a></p>
${messages.map(entry).join('\n')}</body></html>
`;
