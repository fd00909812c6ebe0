import { describe, expect, it } from 'vitest';
import { aMail } from '../corpus/build.js';
import { parseMail } from '../parsing/index.js';
import { threadCandidates } from './candidates.js';
import { mintMessageId } from './message-id.js';
import { mintReplyAddress } from './reply-address.js';

const TENANT = '0192a000-0000-7000-8000-000000000001';
const [FIRST, LAST] = ['0192a000-0000-7000-8000-0000000000a1', '0192a000-0000-7000-8000-0000000000a2'];
const INQUIRY = '0192a000-0000-7000-8000-0000000000bb';
const SECRET = 'a secret of sixteen or more';
const ours = (responseId: string, tenantId = TENANT) =>
  mintMessageId({ tenantId, responseId, revision: 1, domain: 'example.com', secret: SECRET });
const REPLY_TO = mintReplyAddress({
  mailbox: 'support@example.com',
  tenantId: TENANT,
  inquiryId: INQUIRY,
  secret: SECRET,
});
const candidates = async (...headers: string[]) =>
  threadCandidates(await parseMail(aMail(headers, 'x')), { tenantId: TENANT, secret: SECRET });

describe('The thread of a mail', () => {
  it('is sought from the most certain key to the least', async () => {
    const keys = await candidates(
      `In-Reply-To: <p@x>`,
      `References: <root@x> ${ours(FIRST)} ${ours(LAST)} <p@x>`,
      `To: ${REPLY_TO}`,
      'Subject: AW: [#INQ-1234] Offer',
    );
    expect(keys).toEqual([
      { kind: 'response', value: LAST },
      { kind: 'response', value: FIRST },
      { kind: 'in_reply_to', value: '<p@x>' },
      { kind: 'reference', value: ours(LAST) },
      { kind: 'reference', value: ours(FIRST) },
      { kind: 'reference', value: '<root@x>' },
      { kind: 'inquiry', value: INQUIRY },
      { kind: 'subject_tag', value: 'INQ-1234' },
    ]);
  });

  it('is found through References when a colleague answered from Outlook', async () => {
    const keys = await candidates(
      'In-Reply-To: <DB9PR01MB1234@eurprd01.prod.outlook.com>',
      `References: ${ours(FIRST)}`,
      ' <DB9PR01MB1234@eurprd01.prod.outlook.com>',
    );
    expect(keys[0]).toEqual({ kind: 'response', value: FIRST });
  });

  it('is found by the address a server delivered to, when To was rewritten', async () => {
    expect(await candidates('To: team@example.net', `Delivered-To: ${REPLY_TO.toUpperCase()}`)).toEqual([
      { kind: 'inquiry', value: INQUIRY },
    ]);
  });

  it.each([
    ['another tenant', ours(FIRST, '0192a000-0000-7000-8000-000000000002')],
    ['a forger', ours(FIRST).replace(FIRST, LAST)],
  ])('is not taken from a Message-ID of %s', async (_who, id) => {
    expect(await candidates(`In-Reply-To: ${id}`)).toEqual([{ kind: 'in_reply_to', value: id }]);
  });

  it('is new when nothing points back', async () => {
    expect(await candidates('Subject: Hello')).toEqual([]);
  });
});
