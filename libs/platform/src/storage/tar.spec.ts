import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Member, tar } from './tar.js';

const AT = new Date('2026-11-02T09:00:00Z');
const member = (name: string, text: string, size = Buffer.byteLength(text)): Member => ({
  name,
  size,
  content: [Buffer.from(text)],
});

async function archive(...members: Member[]): Promise<Buffer> {
  async function* all(): AsyncGenerator<Member> {
    yield* members;
  }
  const pieces: Buffer[] = [];
  for await (const piece of tar(all(), AT)) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
/** As the tar of the machine reads it. */
const read = (input: Buffer, ...options: string[]): string => {
  const { status, stdout, stderr } = spawnSync('tar', options, { input, env: { ...process.env, TZ: 'UTC' } });
  expect([status, String(stderr)]).toEqual([0, '']);
  return String(stdout);
};

describe('An archive', () => {
  it('is read by others: names, times, and every byte of an empty, an odd and a whole block', async () => {
    const texts = { empty: '', 'a/odd': 'ß', 'a/b/block': 'x'.repeat(512), more: 'y'.repeat(1025) };
    const made = await archive(...Object.entries(texts).map(([name, text]) => member(name, text)));
    expect(made.length % 512).toBe(0);
    expect(read(made, '-tvf', '-').trim().split('\n')[1]).toMatch(/^-rw------- 0\/0 +2 2026-11-02 09:00 a\/odd$/);
    for (const [name, text] of Object.entries(texts)) expect(read(made, '-xOf', '-', name)).toBe(text);
  });

  it.each([1, 3])('is none where a member of two bytes says that it has %i', async (size) => {
    await expect(archive(member('x', 'xx', size))).rejects.toThrow('Size mismatch');
  });

  it('takes names of any length', async () => {
    const name = `${'x'.repeat(150)}/${'y'.repeat(150)}`;
    expect(read(await archive(member(name, 'far down')), '-xOf', '-', name)).toBe('far down');
  });

  it('asks for nothing more once its reader has gone', async () => {
    let [asked, isOver] = [0, false];
    async function* endless(): AsyncGenerator<Member> {
      try {
        for (;;) yield member(`m${++asked}`, 'x'.repeat(100_000));
      } finally {
        isOver = true;
      }
    }
    const stream = tar(endless(), AT);
    for await (const piece of stream) if (piece) break;
    await expect.poll(() => isOver).toBe(true);
    expect(asked).toBeLessThan(10);
  });
});
