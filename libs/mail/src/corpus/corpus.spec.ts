import { describe, expect, it } from 'vitest';
import { MailRefused, type ParsedMail, parseMail } from '../parsing/index.js';
import { classifyAutomation } from '../threading/index.js';
import { CORPUS, type Outcome } from './index.js';

const TIME_LIMIT = 2_000;

function outcomeOf(mail: ParsedMail): Outcome {
  const automation = classifyAutomation(mail, []);
  return {
    from: mail.from?.address ?? null,
    fromName: mail.from?.name,
    to: mail.to.map(({ address }) => address),
    subject: mail.subject,
    text: mail.text,
    replyText: mail.replyText,
    html: mail.html,
    messageId: mail.messageId,
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    date: mail.date?.toISOString() ?? null,
    attachments: mail.attachments.map(
      ({ filename, mimeType, kind, size }) => `${filename} ${mimeType} ${kind} ${size}`,
    ),
    defects: mail.defects,
    reasons: automation.reasons,
    isBounce: automation.isBounce,
  };
}

describe('The mail corpus', () => {
  it('holds at least 40 mails, each under a name of its own', () => {
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
    expect(CORPUS.length).toBeGreaterThanOrEqual(40);
  });

  it.each(CORPUS)('reads $name', async ({ raw, expected }) => {
    const started = performance.now();
    const read = await parseMail(raw).catch((error: unknown) => error);
    expect(performance.now() - started).toBeLessThan(TIME_LIMIT);
    if ('refused' in expected) {
      expect(read).toBeInstanceOf(MailRefused);
      expect(read).toMatchObject({ reason: expected.refused, code: `mail_${expected.refused}` });
    } else {
      if (read instanceof Error) throw read;
      expect(outcomeOf(read as ParsedMail)).toMatchObject(expected);
    }
  });
});
