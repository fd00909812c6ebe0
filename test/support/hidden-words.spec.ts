import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/**
 * Where the product reads tables whose rows are not for everybody, and why no words get out there. Whoever reads them somewhere
 * else decides whether it asks `words.reach` (or `MailReach.shown`) first, and writes it down here.
 */
const READERS: Readonly<Record<string, string>> = {
  'libs/inquiries/src/conversation/conversation.queries.ts':
    'shows what wordsShown allows; the rest addresses answers and counts',
  'libs/inquiries/src/conversation/conversation.service.ts': 'asks whether a response is known',
  'libs/inquiries/src/conversation/inquiry-message.entity.ts': 'the row itself',
  'libs/inquiries/src/inquiries/inquiries.ports.ts': 'gives ids, and asks who may read',
  'libs/inquiries/src/inquiries/inquiries.timeline.ts': 'quotes what wordsShown allows',
  'libs/inquiries/src/inquiries/inquiry.reach.ts': 'asks who may read',
  'libs/inquiries/src/intake/intake.service.ts': 'asks whether a mail is known',
  'libs/inquiries/src/side-conversations/hidden-side-words.ts': 'asks who may read',
  'libs/inquiries/src/side-conversations/side-answers.service.ts': 'writes what came in, and what became of mails',
  'libs/inquiries/src/side-conversations/side-conversation.entity.ts': 'the row itself',
  'libs/inquiries/src/side-conversations/side-conversations.queries.ts': 'shows what sideShown allows',
  'libs/inquiries/src/side-conversations/side-conversations.service.ts': 'begins, changes and holds them',
  'libs/inquiries/src/side-conversations/side-letters.ts': 'threads the next mail by ids',
  'libs/inquiries/src/side-conversations/side-message.entity.ts': 'the row itself',
  'libs/inquiries/src/side-conversations/side.reach.ts': 'asks who may read',
  'libs/inquiries/src/side-conversations/side-recipients.ts': 'compares addresses, for who reads all that was written',
  'libs/inquiries/src/splitting/splitting.service.ts': 'copies what whoever asks may read',
  'libs/inquiries/src/visibility/hidden-messages.ts': 'asks who may read',
  'libs/inquiries/src/visibility/message-visibility.service.ts': 'changes who may read',
  'libs/inquiries/src/visibility/words.reach.ts': 'asks who may read',
  'libs/inquiries/src/watching/notices.worker.ts': 'looks for mentions, and tells where and nothing more',
  'libs/mail/src/imap/imap.queries.ts': 'counts, and names states',
  'libs/mail/src/mail.facade.ts': 'hands mails to those who make something of them, with their visibility',
  'libs/mail/src/messages/hidden-mails.ts': 'asks who may read',
  'libs/mail/src/messages/mail-bytes.ts': 'asks whether bytes are in use',
  'libs/mail/src/messages/mail-intake.service.ts': 'looks for known bytes',
  'libs/mail/src/messages/mail-reading.service.ts': 'writes what was read, and looks for copies',
  'libs/mail/src/messages/mail-sources.retention.ts': 'gives up the bytes of what is old',
  'libs/mail/src/messages/mail.entity.ts': 'the row itself',
  'libs/mail/src/messages/mail.reach.ts': 'asks who may read',
  'libs/mail/src/messages/mails.queries.ts': 'shows what MailReach.shown allows',
  'libs/mail/src/threads/threads.service.ts': 'looks for who wrote before',
};

const TABLES = '(?:inquiry_messages|mails|mail_attachments|side_conversations|side_messages)';
const READING = new RegExp(
  `\\b(?:from|join|update|into|Entity\\()(?:\\s*[=:])?[\\s\`']*${TABLES}\\b(?!\\.)|\\b(?:get|find|findWhere|lock|change)\\(\\s*(?:InquiryMessage|Mail|SideConversation|SideMessage)\\b`,
);

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.ts') && !/\.spec\.ts$/.test(name))
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
    .filter((path) => path.includes('/src/') && !/\/(?:testing|demo|node_modules)(?:\/|\.ts$)/.test(path));
}

describe('What not everybody may read', () => {
  it('is read in the places that are known, each for a reason', () => {
    const found = ['libs', 'apps']
      .flatMap(sources)
      .filter((path) => READING.test(readFileSync(join(root, path), 'utf8')));
    expect(found.sort()).toEqual(Object.keys(READERS).sort());
  });

  it('would be seen by this wherever it was read anew', () => {
    const written = [
      'select 1 from inquiry_messages m',
      "@Entity('mails')",
      "from = 'mails m'",
      'join\n  mail_attachments a',
    ];
    for (const text of [...written, 'this.db.findWhere(\n  InquiryMessage,', 'db.get(Mail, id)'])
      expect([text, READING.test(text)]).toEqual([text, true]);
  });
});
