import { type CallHandler, type ExecutionContext, HttpStatus, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';

type Resource = { id?: unknown; version?: unknown };

const isResource = (body: unknown): body is Resource =>
  typeof body === 'object' && body !== null && !Array.isArray(body) && !('data' in body);

/** What every single resource gets: `ETag`, 304 for what the caller already has, `Location` for what was created. */
@Injectable()
export class ResourceInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(map((body: unknown) => (isResource(body) ? this.describe(body, request, reply) : body)));
  }

  private describe(body: Resource, request: FastifyRequest, reply: FastifyReply): unknown {
    if (request.method === 'POST' && reply.statusCode === 201 && typeof body.id === 'string') {
      this.place(body.id, request, reply);
    }
    if (typeof body.version !== 'number') return body;
    const etag = `"${body.version}"`;
    void reply.header('ETag', etag);
    const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    if (request.method !== 'GET' || !known?.some((tag) => tag === etag || tag === '*')) return body;
    void reply.status(HttpStatus.NOT_MODIFIED);
    return undefined;
  }

  /** What is only ever read as a part of a list has no place of its own. */
  private place(id: string, { server, routeOptions, url }: FastifyRequest, reply: FastifyReply): void {
    if (reply.getHeader('location') || !server.hasRoute({ method: 'GET', url: `${routeOptions.url}/:id` })) return;
    void reply.header('Location', `${url.split('?')[0]?.replace(/\/$/, '')}/${id}`);
  }
}
