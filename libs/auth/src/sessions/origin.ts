import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

export type Caller = { readonly ip: string; readonly userAgent: string };

const LONGEST_AGENT = 300;

/** Where the request comes from, as session lists and the audit trail show it. */
export const From = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { ip: request.ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, LONGEST_AGENT) };
});
