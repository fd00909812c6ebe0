import { Forbidden, Moved } from '@app/kernel';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Denials, type Denied } from '../access/index.js';
import { currentRequestId, currentScope } from '../scope/index.js';
import { ErrorShapePort } from '../ports/error-shape.port.js';
import { Ports } from '../ports/port.js';
import { type Problem, toProblem } from './problem.js';

/** The one place where a refusal becomes an HTTP answer; what somebody may not is written down before it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('http');

  constructor(
    private readonly denials: Denials,
    private readonly ports: Ports,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (!(error instanceof Forbidden) || !currentScope()?.actor) return this.answer(error, request, reply);
    void this.denials.record(deniedIn(request), error).then(() => this.answer(error, request, reply));
  }

  private answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { problem, retryAfterSeconds } = toProblem(error, pathOf(request), currentRequestId() || String(request.id));
    if (problem.status >= 500) this.log.error({ err: error, requestId: problem.requestId }, problem.detail);
    if (reply.sent) return;
    if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer realm="nexus"');
    if (error instanceof Moved) void reply.header('Location', placeOf(request.url, error));
    if (retryAfterSeconds !== undefined) void reply.header('Retry-After', String(retryAfterSeconds));
    const { contentType, body } = this.shaped(problem);
    void reply
      .status(problem.status)
      .header('content-type', `${contentType}; charset=utf-8`)
      .send(JSON.stringify(body));
  }

  private shaped(problem: Problem): { contentType: string; body: object } {
    const shape = this.ports.all(ErrorShapePort).find(({ below }) => problem.instance.startsWith(below));
    return shape
      ? { contentType: shape.contentType, body: shape.shape(problem) }
      : { contentType: 'application/problem+json', body: problem };
  }
}

const placeOf = (url: string, { from, to }: Moved): string =>
  url
    .split('/')
    .map((part) => part.replace(/^[^?]+/, (id) => (id.toLowerCase() === from ? to : id)))
    .join('/');

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? '';

const deniedIn = (request: FastifyRequest): Denied => ({
  method: request.method,
  route: request.routeOptions.url ?? '',
  path: pathOf(request),
});
