import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { FieldCatalogue } from '../field-rights/index.js';
import { addRefusals, NOT_MODIFIED, refusalComponents } from './answers.js';
import { illustrateBody } from './body-examples.js';
import { addHeaders, headerComponents } from './headers.js';
import { METHODS, type Operation, type Place, type Schemas } from './operation.js';
import { type OperationFacts, operationFacts, operationId } from './operation-facts.js';
import { illustrate, type PathExamples } from './path-examples.js';
import { parameterComponents, requestHeadersOf } from './request-headers.js';
import { markRestrictable } from './restrictable.js';

export type DocumentOptions = {
  title: string;
  description: string;
  version: string;
  tags: { name: string; description: string }[];
  examples?: PathExamples;
};

/** The OpenAPI document of an app: built from the code, then completed with what the decorators of the house say. */
export function buildDocument(app: INestApplication, options: DocumentOptions): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle(options.title)
    .setDescription(options.description)
    .setVersion(options.version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A service token.' }, 'apiKey');
  for (const { name, description } of options.tags) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), { operationIdFactory: operationId });
  complete(document, operationFacts(app), options.examples);
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  markRestrictable(document.paths, schemas, app.get(FieldCatalogue, { strict: false }));
  return document;
}

/** Every route declares its access, or the app does not start: a missing one is a route that Swagger alone knows. */
const factsOf = (facts: Map<string, OperationFacts>, { operationId: id }: Operation): OperationFacts => {
  const known = facts.get(id ?? '');
  if (!known) throw new Error(`The document has the operation ${id}, but no controller has`);
  return known;
};

function complete(document: OpenAPIObject, facts: Map<string, OperationFacts>, examples: PathExamples = {}): void {
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  const refusals = new Set<string>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined;
      if (!operation) continue;
      const place = { path, method, hasRecords: hasRecords(document.paths, path) };
      describe(place, operation, factsOf(facts, operation), schemas);
      illustrate(path, operation, examples);
      illustrateBody(operation, schemas);
      for (const status of Object.keys(operation.responses)) refusals.add(status);
    }
  }
  const { responses, schemas: problem } = refusalComponents(refusals);
  document.components = {
    ...document.components,
    schemas: { ...schemas, ...problem },
    parameters: parameterComponents() as never,
    headers: headerComponents() as never,
    responses: { ...responses, NotModified: NOT_MODIFIED },
  };
}

const hasRecords = (paths: OpenAPIObject['paths'], path: string): boolean =>
  Object.entries(paths).some(
    ([other, item]) => item.get && other.startsWith(`${path}/{`) && other.indexOf('/', path.length + 1) < 0,
  );

/** An id is of what stands before it in the path: `/customers/{id}`. */
function meaningOf(name: string, path: string): string {
  const segments = path.split('/');
  const resource = segments[segments.indexOf(`{${name}}`) - 1];
  const isId = name === 'id' || name.endsWith('Id');
  return isId && resource ? `Id of one of the ${resource.replaceAll('-', ' ')}.` : `The ${name}.`;
}

function describe(place: Place, operation: Operation, facts: OperationFacts, schemas: Schemas): void {
  const { access } = facts;
  operation.tags ??= ['platform'];
  if (access.kind === 'permission') operation['x-permission'] = access.permission.name;
  operation.description = [operation.description, sentenceOf(facts)].filter(Boolean).join('\n\n');
  operation.description ||= `${operation.summary ?? ''}.`;
  for (const parameter of operation.parameters ?? []) {
    if ('name' in parameter) parameter.description ??= meaningOf(parameter.name, place.path);
  }
  operation.security = securityOf(operation, facts);
  addHeaders(place, operation, facts, schemas);
  for (const header of requestHeadersOf(place, operation, facts)) (operation.parameters ??= []).push(header);
  addRefusals(place, operation, facts, schemas);
}

/** A public route that declares a scheme takes a token or none: `{}` is none. */
function securityOf({ security }: Operation, { access }: OperationFacts): Operation['security'] {
  if (access.kind !== 'public') return [{ bearer: [] }, { apiKey: [] }];
  return security ? [{}, ...security] : [];
}

/** Who may call it, in words. */
function sentenceOf({ access }: OperationFacts): string {
  if (access.kind !== 'permission') return '';
  const reach = access.permission.scoped ? ' (`_own`, `_team` or `_all`)' : '';
  const others = access.orElse.map(({ name }) => `\`${name}\``).join(' or ');
  const alone = others && ` Whoever holds only ${others} is told what stands in the way.`;
  return `Permission: \`${access.permission.name}\`${reach}.${alone}`;
}
