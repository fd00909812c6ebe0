import { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { NotAFile } from './file.errors.js';
import { HEAD_BYTES } from './file-type.js';

/** The body as it comes in. Undefined for every other content type: who may at all is answered first. */
export const UploadBody = createParamDecorator((_: unknown, context: ExecutionContext): Readable | undefined => {
  const { body } = context.switchToHttp().getRequest<{ body: unknown }>();
  return body instanceof Readable ? body : undefined;
});

/** The beginning of a file, and the whole of it to be read on. @throws NotAFile when nothing was sent as one */
export async function beginningOf(
  upload: Readable | undefined,
): Promise<{ head: Buffer; whole: AsyncIterable<Buffer> }> {
  if (!upload) throw new NotAFile();
  const rest = upload[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const chunks: Buffer[] = [];
  let [length, isOver] = [0, false];
  while (length < HEAD_BYTES && !isOver) {
    const { value, done } = await rest.next();
    if (done) isOver = true;
    else {
      chunks.push(value);
      length += value.length;
    }
  }
  const head = Buffer.concat(chunks);
  async function* whole(): AsyncGenerator<Buffer> {
    yield head;
    for (let next = isOver ? undefined : await rest.next(); next && !next.done; next = await rest.next())
      yield next.value;
  }
  return { head: head.subarray(0, HEAD_BYTES), whole: whole() };
}
