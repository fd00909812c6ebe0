import { createHash } from 'node:crypto';
import type { About } from '../events.js';

/** The Message-ID of what is sent for one revision of one record: the same whenever it is asked for, telling nothing of either. */
export function mintMessageId(tenantId: string, about: About, domain: string): string {
  const subject = [tenantId, about.kind, about.id.toLowerCase(), about.revision ?? 0].join('\n');
  return `<${createHash('sha256').update(subject).digest('hex').slice(0, 32)}@${domain}>`;
}
