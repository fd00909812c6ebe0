export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const MARKS: readonly [Encoding, readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

const zerosAt = (bytes: Buffer, parity: number): number =>
  bytes.filter((byte, at) => byte === 0 && at % 2 === parity).length;

/**
 * By its mark, by the zeros of every other byte, or by being UTF-8. What is none of these was written by a program for
 * Windows: any bytes are text in its encoding. `isWhole`: nothing was cut off, which may part a letter in two.
 */
export function encodingOf(head: Buffer, isWhole: boolean): Encoding {
  const marked = MARKS.find(([, mark]) => mark.every((byte, at) => head[at] === byte));
  if (marked) return marked[0];
  const [even, odd] = [zerosAt(head, 0), zerosAt(head, 1)];
  const many = head.length / 5;
  if (odd > many && even === 0) return 'utf-16le';
  if (even > many && odd === 0) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}
