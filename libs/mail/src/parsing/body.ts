import type { Email } from 'postal-mime';
import { readMailHtml } from './html.js';
import type { MailLimits } from './limits.js';
import type { PreparedMail } from './prepare.js';
import { cleanText, clip } from './text.js';

export type MailBody = { readonly text: string; readonly html: string | null; readonly defects: readonly string[] };

/** The text and the safe HTML of a mail. A body the parser could not assign to any part is kept as text. */
export function readBody(email: Email, prepared: PreparedMail, limits: MailLimits): MailBody {
  const defects: string[] = [];
  const bounded = (value: string): string => {
    if (value.length > limits.maxBodyCharacters) defects.push('body_cut');
    return clip(value, limits.maxBodyCharacters);
  };
  const read = email.html ? readMailHtml(bounded(email.html)) : null;
  const html = read?.html ?? null;
  if (read?.defect) defects.push(read.defect);
  const plain = cleanText(bounded(email.text ?? '')).trimEnd();
  const text = plain.trim() === '' && read !== null ? read.text() : plain;
  if (text.trim() !== '' || html || email.attachments.length > 0) return { text, html, defects: [...new Set(defects)] };
  const orphaned = cleanText(bounded(decode(prepared.bytes.subarray(prepared.bodyAt)))).trim();
  if (orphaned === '') return { text: '', html, defects: [...defects, 'empty_body'] };
  return { text: orphaned, html, defects: [...defects, 'unassigned_body'] };
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
