import { describe, expect, it } from 'vitest';
import { replyHeaders } from './reply-headers.js';

const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => `<${at}@x>`);

describe('The headers of an answer', () => {
  it('continue the chain of the answered mail', () => {
    expect(replyHeaders({ messageId: '<b@x>', references: ['<r@x>', '<a@x>'], subject: 'Re: Offer' })).toEqual({
      inReplyTo: '<b@x>',
      references: ['<r@x>', '<a@x>', '<b@x>'],
      subject: 'Re: Offer',
    });
  });

  it('begin with its only In-Reply-To when it has no References', () => {
    expect(replyHeaders({ messageId: '<b@x>', inReplyTo: ['<a@x>'] }).references).toEqual(['<a@x>', '<b@x>']);
    expect(replyHeaders({ messageId: '<b@x>', inReplyTo: ['<a@x>', '<c@x>'] }).references).toEqual(['<b@x>']);
  });

  it('keep the first and the last 20 of a long chain', () => {
    const { references } = replyHeaders({ messageId: '<new@x>', references: ids(100) });
    expect(references).toEqual([...ids(20), ...ids(100).slice(-19), '<new@x>']);
  });

  it('name an answered mail once, at the end', () => {
    expect(replyHeaders({ messageId: '<a@x>', references: ['<a@x>', '<b@x>'] }).references).toEqual(['<b@x>', '<a@x>']);
  });

  it('leave out ids that are made up, foreign to ASCII, or carry a line end', () => {
    const references = ['<\u00fc@x>', '<a@x\r\nBcc: eve@example.com>', '<ok@x>'];
    expect(replyHeaders({ messageId: '<0f@missing.invalid>', references })).toMatchObject({
      inReplyTo: null,
      references: ['<ok@x>'],
    });
  });
});
