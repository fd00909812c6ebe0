import { Invalid, isId } from '@app/kernel';
import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { Ports } from '../ports/port.js';
import { TenantListsPort } from '../ports/tenant-lists.port.js';
import { type ListQuery, parseListQuery, type RawQuery } from './list-query.js';
import { checkSpec, type ListSpec } from './list-spec.js';
import { parseSearchBody } from './search-body.js';
import { mentionsCustomFields, namesCustomFields, withFields } from './tenant-fields.js';

type Asked = { readonly query: RawQuery; readonly body: unknown };

/** The handler's parameter is the `ListQuery` of the request: `list(@Listed(CustomerList) query: ListQuery)`. */
export const Listed = (spec: ListSpec): ParameterDecorator => {
  const read = reading(spec, ({ query }) => parseListQuery(query, spec), TenantListPipe);
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
export const Searched = (spec: ListSpec): ParameterDecorator =>
  reading(spec, ({ body }) => parseSearchBody(body, spec), TenantSearchPipe);

/** A list that tenants add to is read by a pipe, which can ask what they added; every other one right away. */
function reading(spec: ListSpec, read: (request: Asked) => ListQuery, pipe: Type<PipeTransform>): ParameterDecorator {
  checkSpec(spec);
  const requestOf = (context: ExecutionContext): Asked => context.switchToHttp().getRequest<Asked>();
  return spec.resource
    ? createParamDecorator((_: unknown, context: ExecutionContext) => ({ spec, ...partsOf(requestOf(context)) }))(pipe)
    : createParamDecorator((_: unknown, context: ExecutionContext) => read(requestOf(context)))();
}

const partsOf = ({ query, body }: Asked): Asked => ({ query, body });

/** The fields and views of a tenant are read only for a request that names some: all others cost no statement. */
@Injectable()
class TenantListPipe implements PipeTransform<Asked & { spec: ListSpec }, Promise<ListQuery>> {
  constructor(private readonly ports: Ports) {}

  async transform({ spec, query }: Asked & { spec: ListSpec }): Promise<ListQuery> {
    const [lists] = this.ports.all(TenantListsPort);
    if (!lists) return parseListQuery(query, { ...spec, resource: undefined });
    const view = typeof query.view === 'string' ? await lists.viewOf(spec, viewId(query.view)) : undefined;
    const isNamed = spec.custom !== undefined && (namesCustomFields(query) || mentionsCustomFields(view));
    return parseListQuery(query, isNamed ? withFields(spec, await lists.fieldsOf(spec)) : spec, view);
  }
}

@Injectable()
class TenantSearchPipe implements PipeTransform<Asked & { spec: ListSpec }, Promise<ListQuery>> {
  constructor(private readonly ports: Ports) {}

  transform({ spec, body }: Asked & { spec: ListSpec }): Promise<ListQuery> {
    return searchOf(this.ports, spec, body);
  }
}

/** The body of a search as a query, in which the tenant's own fields are known. @throws Invalid with every fault */
export async function searchOf(ports: Ports, spec: ListSpec, body: unknown): Promise<ListQuery> {
  const [lists] = spec.custom && mentionsCustomFields(body) ? ports.all(TenantListsPort) : [];
  return parseSearchBody(body, lists ? withFields(spec, await lists.fieldsOf(spec)) : spec);
}

function viewId(text: string): string {
  if (isId(text)) return text;
  const errors = [{ pointer: 'query/view', code: 'invalid_value', message: 'must be a UUID' }];
  throw new Invalid('invalid_query', 'The query is not valid', { errors });
}
