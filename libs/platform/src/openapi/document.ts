import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type OperationFacts, operationFacts, operationId } from './operations.js';

type Operation = {
  operationId?: string;
  description?: string;
  summary?: string;
  tags?: string[];
  parameters?: { in?: string; name?: string; description?: string }[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
  security?: Record<string, string[]>[];
  'x-permission'?: string;
};

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const ANSWERS: Record<number, string> = {
  400: 'Malformed or invalid: `errors` names each field.',
  401: 'The token is missing, expired or revoked.',
  403: 'The permission is missing; it is named.',
  404: 'No such record, or none that you may see.',
  409: 'The state of the record is in the way.',
  412: 'Stale `If-Match`: somebody changed it since.',
  428: 'Say which revision you saw.',
  422: 'A business rule is in the way.',
  429: 'Too many requests; see `Retry-After`.',
  503: 'Temporarily unavailable; see `Retry-After`.',
};

const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'],
  properties: {
    type: { type: 'string', example: 'urn:nexus:problem:invalid_transition' },
    title: { type: 'string', example: 'Conflict' },
    status: { type: 'integer', example: 409 },
    statusCode: { type: 'integer', example: 409 },
    detail: { type: 'string', example: 'A response that is sent cannot become approved' },
    message: { type: 'string', example: 'A response that is sent cannot become approved' },
    instance: { type: 'string', example: '/api/v1/responses/0192…/approve' },
    code: { type: 'string', example: 'invalid_transition' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'message'],
        properties: { pointer: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
  additionalProperties: true,
};

export type DocumentOptions = { title: string; description: string; version: string; tags: { name: string; description: string }[] };

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
  complete(document, operationFacts(app));
  return document;
}

function complete(document: OpenAPIObject, facts: Map<string, OperationFacts>): void {
  const used = new Set<string>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined;
      if (!operation) continue;
      describe(path, method, operation, facts.get(operation.operationId ?? ''));
      for (const status of Object.keys(operation.responses)) used.add(status);
      addTag(document, operation.tags?.[0] ?? 'platform');
    }
  }
  const answers = Object.entries(ANSWERS).filter(([status]) => used.has(status));
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA as never },
    responses: Object.fromEntries(answers.map(([status, description]) => [`Problem${status}`, problemAnswer(description)])),
  };
}

/** A part of a context that has a tag of its own stands behind its context's. */
function addTag(document: OpenAPIObject, name: string): void {
  const tags = (document.tags ??= []);
  if (tags.every((tag) => tag.name !== name)) tags.push({ name, description: `Part of the context: ${name.replaceAll('-', ' ')}.` });
}

const problemAnswer = (description: string): never =>
  ({ description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }) as never;

function describe(path: string, method: string, operation: Operation, facts: OperationFacts | undefined): void {
  const access = facts?.access ?? { kind: 'public' as const, limited: true };
  const isPublic = access.kind === 'public';
  operation.tags ??= ['platform'];
  if (access.kind === 'permission') {
    const reach = access.permission.scoped ? ' (`_own`, `_team` or `_all`)' : '';
    operation['x-permission'] = access.permission.name;
    operation.description = [operation.description, `Permission: \`${access.permission.name}\`${reach}.`].filter(Boolean).join('\n\n');
  }
  operation.description ??= `${operation.summary ?? ''}.`;
  for (const parameter of operation.parameters ?? []) {
    parameter.description ??= parameter.in === 'path' && parameter.name === 'id' ? `Id of one of the ${operation.tags[0]}.` : `The ${parameter.name}.`;
  }
  operation.security = isPublic ? [] : [{ bearer: [] }, { apiKey: [] }];
  if (method === 'post' && !isPublic) addHeader(operation, 'Idempotency-Key', 'Repeat with the same key and body: the first answer comes again.');
  if (['put', 'patch', 'delete'].includes(method)) addHeader(operation, 'If-Match', 'The ETag that you saw: refused with 412 when it is stale.');
  for (const status of answersOf(path, method, operation, isPublic)) {
    operation.responses[status] ??= { $ref: `#/components/responses/Problem${status}` };
  }
}

function answersOf(path: string, method: string, operation: Operation, isPublic: boolean): number[] {
  const hasInput = operation.requestBody !== undefined || (operation.parameters?.length ?? 0) > 0;
  return [
    ...(hasInput ? [400] : []),
    ...(isPublic ? [] : [401, 403]),
    ...(path.includes('{') ? [404] : []),
    ...(method === 'get' ? [] : [409, 422]),
    ...(['put', 'patch', 'delete'].includes(method) ? [412] : []),
    429,
    503,
  ];
}

function addHeader(operation: Operation, name: string, description: string): void {
  const parameters = (operation.parameters ??= []) as Record<string, unknown>[];
  if (parameters.some((parameter) => parameter.name === name)) return;
  parameters.push({ name, in: 'header', required: false, description, schema: { type: 'string' } });
}
