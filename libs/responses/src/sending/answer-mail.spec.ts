import { describe, expect, it } from 'vitest';
import { aResponse } from '../testing.js';
import { answerMail, answerSubject } from './answer-mail.js';

describe('The subject of an answer', () => {
  it.each([
    ['Re: Where is my order?', 'Re: Where is my order? [#INQ-000002]'],
    ['Re: Where is my order? [#INQ-000002]', 'Re: Where is my order? [#INQ-000002]'],
    ['Re: [#INQ-000001] Where is my order?', 'Re: Where is my order? [#INQ-000002]'],
    ['', '[#INQ-000002]'],
  ])('of %j names the inquiry, once and no other', (subject, expected) => {
    expect(answerSubject({ subject, reference: 'INQ-000002' }).trim()).toBe(expected);
  });
});

describe('The mail of an answer', () => {
  const thread = {
    to: { address: 'asha@example.com', name: 'Asha Rao' },
    cc: [],
    subject: 'Re: Where is my order?',
    inReplyTo: '<b@customer.example>',
    references: ['<a@customer.example>', '<b@customer.example>'],
    mailboxAddress: { name: 'Support', address: 'support@acme.example' },
    number: 2,
    reference: 'INQ-000002',
  };

  it('goes into the customer’s thread, from the mailbox they wrote to, and says what it is about', () => {
    const response = aResponse('approved');
    expect(answerMail(response, thread, '<r@acme.example>')).toEqual({
      to: [thread.to],
      from: thread.mailboxAddress,
      subject: 'Re: Where is my order? [#INQ-000002]',
      text: response.message,
      messageId: '<r@acme.example>',
      inReplyTo: '<b@customer.example>',
      references: ['<a@customer.example>', '<b@customer.example>'],
      purpose: 'transactional',
      about: { kind: 'responses.response', id: response.id, revision: 1 },
    });
  });

  it('asks for the reply where it finds the inquiry, when the mailbox has such an address', () => {
    const replyAddress = { name: 'Support', address: 'support+token@acme.example' };
    expect(answerMail(aResponse('approved'), { ...thread, replyAddress }, undefined).replyTo).toEqual(replyAddress);
  });

  it('leaves to messaging what it cannot know without a mailbox', () => {
    const mail = answerMail(aResponse('approved'), { ...thread, mailboxAddress: null, inReplyTo: null }, undefined);
    expect([mail.from, mail.messageId, mail.inReplyTo]).toEqual([undefined, undefined, undefined]);
  });
});
