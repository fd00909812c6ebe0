import { type FieldFault, type FieldRights, Forbidden } from '@app/kernel';
import { type INestApplication, Injectable } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { faultsOfNames, fixedIn, fixedOfWhole, withoutHidden, withoutNames } from './limits-of-shape.js';
import { type Schema, type Shape, Shapes } from './shape.js';
import type { WrittenFields } from './writes.js';

/** Somebody wrote what their roles keep them from: each field is named. */
export class FieldForbidden extends Forbidden {
  constructor(errors: FieldFault[], hint = '') {
    const names = errors.map(({ pointer }) => pointer.slice(1)).slice(0, 5);
    super('field_forbidden', `Your roles do not let you write ${names.join(', ')}${hint}`, { errors });
  }
}

/** These records are told whole or not at all. */
export class RawRecordsClosed extends Forbidden {
  constructor() {
    super('raw_records_closed', 'Your roles keep fields of records from you, and here they are told whole');
  }
}

type Content = { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> };
type Operation = { readonly requestBody?: Content; readonly responses?: Readonly<Record<string, Content>> };
type Route = { readonly body: Shape | undefined; readonly answers: ReadonlyMap<string, Shape | undefined> };

const JSON_TYPE = 'application/json';

/**
 * Where in each route's answer and body records stand, as its own OpenAPI document tells: the one place that takes hidden
 * fields out of answers, and refuses bodies with fields that are not the caller's. Only for callers who have such limits, and
 * read when the first of them comes. What the document does not
 * describe loses the hidden names of all kinds, wherever they stand.
 */
@Injectable()
export class RecordShapes {
  private app: INestApplication | undefined;
  private routes: ReadonlyMap<string, Route> | undefined;

  /** Whose routes they are; called once, when the application is made. */
  serve(app: INestApplication): void {
    this.app = app;
  }

  /** The answer without what its caller may not see. */
  shown(answer: unknown, request: FastifyRequest, reply: FastifyReply, rights: FieldRights): unknown {
    const answers = this.routeOf(request)?.answers;
    const shape = answers?.get(String(reply.statusCode)) ?? [...(answers?.values() ?? [])].find(Boolean);
    return shape ? withoutHidden(answer, shape, rights) : withoutNames(answer, namesOf(rights, 'hidden'));
  }

  /** @throws FieldForbidden naming each field */
  assertWritable(request: FastifyRequest, writes: WrittenFields, rights: FieldRights): void {
    const changed = Object.entries(writes).flatMap(([kind, names]) =>
      names.filter((name) => rights.fixedOf(kind).has(name)),
    );
    if (changed.length) throw new FieldForbidden(changed.map(asChanged));
    if (typeof request.body !== 'object' || request.body === null) return;
    const route = this.routeOf(request);
    const named = route
      ? fixedIn(request.body, route.body, rights)
      : faultsOfNames(request.body, namesOf(rights, 'fixed'));
    if (named.length) throw new FieldForbidden(named);
    const emptied = request.method === 'PUT' ? fixedOfWhole(route?.body, rights) : [];
    if (emptied.length) throw new FieldForbidden(emptied, ', which this would empty: change what you may by PATCH');
  }

  private routeOf({ method, routeOptions: { url } }: FastifyRequest): Route | undefined {
    this.routes ??= readRoutes(this.app);
    return this.routes.get(`${method} ${url}`);
  }
}

const asChanged = (name: string): FieldFault => ({
  pointer: `/${name}`,
  code: 'field_forbidden',
  message: 'would be changed, and is not yours to write',
});

function namesOf(rights: FieldRights, which: 'hidden' | 'fixed'): ReadonlySet<string> {
  const kinds = Object.keys(rights.rules);
  return new Set(kinds.flatMap((kind) => [...(which === 'hidden' ? rights.hiddenOf(kind) : rights.fixedOf(kind))]));
}

function readRoutes(app: INestApplication | undefined): Map<string, Route> {
  if (!app) throw new Error('No application has said whose shapes these are');
  const { paths, components } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
  const shapes = new Shapes(components?.schemas ?? {});
  const routes = new Map<string, Route>();
  for (const [path, item] of Object.entries(paths))
    for (const [method, operation] of Object.entries(item as Record<string, Operation>))
      if (operation.responses)
        routes.set(`${method.toUpperCase()} ${path.replaceAll(/\{([^{}]*)\}/g, ':$1')}`, routeOf(operation, shapes));
  return routes;
}

function routeOf({ requestBody, responses = {} }: Operation, shapes: Shapes): Route {
  const of = (part: Content | undefined): Shape | undefined =>
    shapes.of(part?.content?.[JSON_TYPE]?.schema as Schema | undefined);
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  return { body: of(requestBody), answers: new Map(good.map(([status, answer]) => [status, of(answer)])) };
}
