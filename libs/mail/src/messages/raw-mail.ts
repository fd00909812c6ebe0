import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { NotARawMail } from './mail.errors.js';

/** The body as it came in, byte for byte. @throws NotARawMail for every other content type */
export const RawMail = createParamDecorator((_: unknown, context: ExecutionContext): Buffer => {
  const { body } = context.switchToHttp().getRequest<{ body: unknown }>();
  if (!Buffer.isBuffer(body)) throw new NotARawMail();
  return body;
});
