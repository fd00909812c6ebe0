import { type FieldFault, Invalid } from '@app/kernel';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { readsWholeQuery } from '../lists/index.js';

const ROUTE_ARGUMENTS = '__routeArguments__'; // where Nest keeps what the decorators of a handler's parameters say
const QUERY = '4:'; // RouteParamtypes.QUERY
type Argument = { data?: unknown };

/** A key of the query string that the route does not know: refused by name, as an unknown field of a body is, once it is known who asks. */
@Injectable()
export class QueryKeysGuard implements CanActivate {
  private readonly known = new WeakMap<object, ReadonlySet<string> | 'any'>();

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const keys = Object.keys(context.switchToHttp().getRequest<FastifyRequest>().query as object);
    if (keys.length === 0) return true;
    const known = this.keysOf(context.getClass(), context.getHandler());
    const unknown = known === 'any' ? [] : keys.filter((key) => !known.has(key));
    if (unknown.length)
      throw new Invalid('invalid_query', 'The query has keys that this route does not know', {
        errors: unknown.map(fault),
      });
    return true;
  }

  private keysOf(controller: object, handler: { name: string }): ReadonlySet<string> | 'any' {
    const before = this.known.get(handler);
    if (before) return before;
    const all = (Reflect.getMetadata(ROUTE_ARGUMENTS, controller, handler.name) ?? {}) as Record<string, Argument>;
    const named = Object.entries(all)
      .filter(([place]) => place.startsWith(QUERY))
      .map(([, { data }]) => data);
    const takesAll = readsWholeQuery(controller, handler.name) || named.some((name) => typeof name !== 'string');
    const keys = takesAll ? 'any' : new Set(named as string[]);
    this.known.set(handler, keys);
    return keys;
  }
}

const fault = (key: string): FieldFault => ({
  pointer: `query/${key}`,
  code: 'unknown_key',
  message: 'is not known here',
});
