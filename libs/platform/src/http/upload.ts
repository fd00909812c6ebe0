import { Readable } from 'node:stream';
import { Unsupported } from '@app/kernel';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** How much of a file its type is told by: the beginning, and of an archive the names of its first members. */
export const HEAD_BYTES = 65_536;

class NotAFile extends Unsupported {
  constructor() {
    super('unsupported_content_type', 'A file is sent as it is, as application/octet-stream');
  }
}

/** The body as it comes in. Undefined for every other content type: who may at all is answered first. */
export const UploadBody = createParamDecorator((_: unknown, context: ExecutionContext): Readable | undefined => {
  const { body } = context.switchToHttp().getRequest<{ body: unknown }>();
  return body instanceof Readable ? body : undefined;
});

/**
 * Lets `work` see the beginning of a file and read the whole of it. What `work` leaves unread, since it refuses the file, is
 * read and dropped: whoever still sends it gets the answer, and the connection takes their next request.
 * @throws NotAFile when nothing was sent as one
 */
export async function readUpload<T>(
  upload: Readable | undefined,
  work: (head: Buffer, whole: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T> {
  if (!upload) throw new NotAFile();
  const rest = upload.iterator({ destroyOnReturn: false }) as AsyncGenerator<Buffer>;
  try {
    const begun = await readBeginning(rest);
    return await work(begun.subarray(0, HEAD_BYTES), wholeOf(begun, rest));
  } finally {
    await rest.return(undefined);
    upload.resume();
  }
}

async function readBeginning(rest: AsyncIterator<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let length = 0; length < HEAD_BYTES;) {
    const next = await rest.next();
    if (next.done) break;
    chunks.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(chunks);
}

/** Not by `for await`, which would end the reading of `rest` where its reader stops. */
async function* wholeOf(begun: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield begun;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
