import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';

/** A file of an archive. */
export type Member = {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly content: Iterable<Buffer> | AsyncIterable<Buffer>;
};

/**
 * An archive, piece by piece: nothing of a member is asked for before its turn, and no more than a piece is held. It fails
 * where a member is longer or shorter than it says: what has left by then is no archive.
 */
export function tar(members: AsyncIterable<Member>, at: Date): Readable {
  const archive = pack();
  fill(archive, members, at).catch((error: Error) => archive.destroy(error));
  return Readable.from(archive, { objectMode: false });
}

async function fill(archive: Pack, members: AsyncIterable<Member>, at: Date): Promise<void> {
  for await (const { name, size, content } of members)
    await pipeline(content, archive.entry({ name, size, mtime: at, mode: 0o600 }));
  archive.finalize();
}
