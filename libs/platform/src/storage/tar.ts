/** A file of an archive. */
export type Member = {
  /** At most 100 bytes of ASCII; a slash makes a directory. */
  readonly name: string;
  /** Bytes, at most 8 GiB. */
  readonly size: number;
  readonly content: Iterable<Buffer> | AsyncIterable<Buffer>;
};

const BLOCK = 512;

/**
 * An archive as POSIX.1-1988 has it (ustar), piece by piece: nothing of a member is asked for before its turn, and no more
 * than a piece is held.
 * @throws where a member is longer or shorter than it says: what has left by then is no archive
 */
export async function* tar(members: AsyncIterable<Member>, at: Date): AsyncGenerator<Buffer> {
  for await (const { name, size, content } of members) {
    yield headerOf(name, size, at);
    let left = size;
    for await (const piece of content) {
      left -= piece.length;
      if (left < 0) break;
      yield piece;
    }
    if (left !== 0) throw new Error(`${name} has not the length that it said`);
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function headerOf(name: string, size: number, at: Date): Buffer {
  if (Buffer.byteLength(name) > 100 || size >= 8 ** 11) throw new Error(`${name} is no member of an archive`);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write(octal(0o600, 7) + octal(0, 7) + octal(0, 7), 100); // mode, owner, group
  header.write(octal(size, 11) + octal(Math.floor(at.getTime() / 1000), 11), 124);
  header.write(`${' '.repeat(8)}0`, 148); // its sum is counted over spaces; a plain file
  header.write('ustar\u000000', 257);
  header.write(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
    148,
  );
  return header;
}
