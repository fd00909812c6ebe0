import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { FileTooLarge, type StoredFile } from './file-store.js';

/** A new file of these bytes, on the disk once it resolves, and what they are named by. @throws FileTooLarge above `most` bytes */
export async function writeHashed(
  path: string,
  content: Iterable<Buffer> | AsyncIterable<Buffer>,
  most: number,
): Promise<StoredFile> {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      size += chunk.length;
      if (size > most) throw new FileTooLarge(most);
      hash.update(chunk);
      await writeWhole(file, chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { hash: hash.digest('hex'), size };
}

async function writeWhole(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten;
}
