import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { linkHeader, type PageMeta, type RawQuery } from '../lists/index.js';

/** Gives each list its `Link` header (RFC 8288). */
@Injectable()
export class LinkInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Querystring: RawQuery }>>();
    if (request.method !== 'GET') return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body: unknown) => {
        const list = body as { data?: unknown; meta?: PageMeta } | null | undefined;
        const link =
          list?.meta &&
          Array.isArray(list.data) &&
          linkHeader(request.url.split('?')[0] ?? '', request.query, list.meta);
        if (link) void reply.header('Link', link);
        return body;
      }),
    );
  }
}
