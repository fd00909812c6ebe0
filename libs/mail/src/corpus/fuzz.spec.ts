import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MailRefused, type ParsedMail, parseMail } from '../parsing/index.js';
import { classifyAutomation, threadCandidates } from '../threading/index.js';
import { CORPUS } from './index.js';

const SEEDS = CORPUS.map(({ raw }) => raw).filter((raw) => raw.length < 20_000);
const OURS = { tenantId: '0192a000-0000-7000-8000-000000000001', secret: 'a secret of the fuzzing test' };
const FRAGMENTS = [
  '\r\n',
  '\n\n',
  '\r',
  '\0',
  '--=_b1\r\n',
  '--=_b1--',
  '=?utf-8?b?',
  '?=',
  '<',
  '>',
  '"',
  '\xff\xfe',
  'Content-Type: multipart/mixed; boundary=',
  'Content-Transfer-Encoding: base64\r\n',
  '<div>',
  '&#xd800;',
];

const edit = fc.oneof(
  fc.record({ at: fc.nat(), cut: fc.nat(40), put: fc.uint8Array({ maxLength: 12 }) }),
  fc.record({
    at: fc.nat(),
    cut: fc.nat(4),
    put: fc.constantFrom(...FRAGMENTS).map((text) => Buffer.from(text, 'latin1')),
  }),
);
const mutated = fc
  .tuple(fc.constantFrom(...SEEDS), fc.array(edit, { minLength: 1, maxLength: 8 }))
  .map(([seed, edits]) =>
    edits.reduce((bytes, { at, cut, put }) => {
      const from = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]);
    }, seed),
  );

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Buffer.isBuffer(value) || value instanceof Date || typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}

const read = (raw: Buffer): Promise<ParsedMail | MailRefused> =>
  parseMail(raw).catch((error: unknown) => {
    if (error instanceof MailRefused && error.reason !== 'unparseable') return error;
    throw error;
  });

describe('A damaged mail', () => {
  it('is read or refused by name, in time, and holds nothing PostgreSQL would refuse', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (raw) => {
        const started = performance.now();
        const mail = await read(raw);
        expect(performance.now() - started).toBeLessThan(1_000);
        if (mail instanceof MailRefused) return;
        expect(stringsOf(mail).filter((text) => /\u0000|\p{Surrogate}/u.test(text))).toEqual([]);
        expect(mail.replyText.trim() === '').toBe(mail.text.trim() === '');
        expect(mail.effectiveMessageId).toMatch(/^<[^<>\s]+>$/);
        expect(mail.attachments.filter(({ filename }) => /[\\/\r\n]|^\.*$/.test(filename))).toEqual([]);
        expect(classifyAutomation(mail, []).isOwn).toBe(false);
        expect(threadCandidates(mail, OURS).filter(({ kind }) => kind === 'response' || kind === 'inquiry')).toEqual(
          [],
        );
      }),
      { numRuns: 1_500 },
    );
  }, 60_000);

  it('reads the same twice', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (raw) => {
        const [one, two] = [await read(raw), await read(raw)];
        expect(two).toEqual(one);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
