import { describe, expect, it } from 'vitest';
import { normaliseSubject, replySubject, subjectTags } from './subject.js';

describe('A subject', () => {
  it.each([
    'Offer',
    'Re: Offer',
    'RE: re:Offer',
    'AW: WG: Offer',
    'Fwd: Fw: OFFER',
    'SV: VS: Offer',
    'Antw: Offer',
    'RE[2]: Offer',
    'Re(3): Offer',
    'Re^4: Offer',
    'Re2: Offer',
    'R: I: Offer',
    'Rép : TR : Offer',
    'YNT: İLT: Offer',
    '回复：转发: Offer',
    '[EXTERNAL] Re: [#INQ-12] Offer',
    ' Re :  Offer ',
  ])('%j normalises to "offer"', (subject) => {
    expect(normaliseSubject(subject)).toBe('offer');
  });

  it.each(['Report: numbers', 'Resolved: leak', 'I am here: look', '[12] Offer', 'Are: you'])(
    '%j keeps its words',
    (subject) => {
      expect(normaliseSubject(subject)).toBe(subject.toLowerCase());
    },
  );

  it.each([
    ['Offer', 'Re: Offer'],
    ['RE: AW: Offer', 'Re: Offer'],
    ['Fwd: Offer', 'Re: Fwd: Offer'],
    ['', 'Re:'],
    ['Re: x\r\nBcc: eve@example.com', 'Re: x Bcc: eve@example.com'],
  ])('%j is answered as %j', (subject, expected) => {
    expect(replySubject(subject)).toBe(expected);
  });

  it('does not grow when answered again', () => {
    expect(replySubject(replySubject('Offer'))).toBe(replySubject('Offer'));
  });

  it('carries ticket numbers, each once', () => {
    expect(subjectTags('Re: [#INQ-1234] [inq-1234] [SO-7] [#X-1] [2026-1]')).toEqual(['INQ-1234', 'SO-7']);
  });

  it('of a thousand prefixes is read at once', () => {
    expect(normaliseSubject('Re: '.repeat(100_000))).toBe('');
  });
});
