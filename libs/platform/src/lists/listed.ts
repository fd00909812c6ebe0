import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { parseListQuery, type RawQuery } from './list-query.js';
import { checkSpec, type ListSpec } from './list-spec.js';
import { parseSearchBody } from './search-body.js';

/** The handler's parameter is the `ListQuery` of the request: `list(@Listed(CustomerList) query: ListQuery)`. */
export const Listed = (spec: ListSpec): ParameterDecorator => {
  checkSpec(spec);
  const read = createParamDecorator((_: unknown, context: ExecutionContext) =>
    parseListQuery(context.switchToHttp().getRequest<{ query: RawQuery }>().query, spec),
  )();
  return (target, handler, index) => {
    if (handler !== undefined) Reflect.defineMetadata(WHOLE_QUERY, true, target.constructor, handler);
    read(target, handler, index);
  };
};

const WHOLE_QUERY = 'nexus:whole-query';

/** Whether a handler reads its whole query string as a list's, and so refuses what it does not know itself. */
export const readsWholeQuery = (controller: object, handler: string): boolean =>
  Reflect.getMetadata(WHOLE_QUERY, controller, handler) === true;

/** The handler's parameter is the `ListQuery` of a search's body: `search(@Searched(CustomerList) query: ListQuery)`. */
export const Searched = (spec: ListSpec): ParameterDecorator => {
  checkSpec(spec);
  return createParamDecorator((_: unknown, context: ExecutionContext) =>
    parseSearchBody(context.switchToHttp().getRequest<{ body: unknown }>().body, spec),
  )();
};
