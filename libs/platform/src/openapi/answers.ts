import { headerRefs } from './headers.js';
import { membersOf, type Operation, type Place, type Schemas } from './operation.js';
import type { OperationFacts } from './operation-facts.js';

const REFUSALS: Record<number, string> = {
  400: 'Malformed or invalid: `errors` names each field.',
  401: 'The token is missing, expired or revoked.',
  403: 'The permission is missing; it is named.',
  404: 'No such record, or none that you may see.',
  409: 'The state of the record is in the way.',
  412: 'Stale `If-Match`: somebody changed it since.',
  413: 'The body is too large.',
  415: 'The body has a content type that is not read here.',
  422: 'A business rule is in the way.',
  423: 'The tenant is suspended: it is read, and not changed.',
  428: 'Say which revision you saw.',
  429: 'Too many requests; see `Retry-After`.',
  503: 'Temporarily unavailable; see `Retry-After`.',
};

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'statusCode', 'detail', 'message', 'instance', 'code', 'requestId'],
  properties: {
    type: { type: 'string', example: 'urn:nexus:problem:invalid_transition' },
    title: { type: 'string', example: 'Conflict' },
    status: { type: 'integer', example: 409 },
    statusCode: { type: 'integer', example: 409, description: 'As `status`.' },
    detail: { type: 'string', example: 'A response that is sent cannot become approved' },
    message: { type: 'string', example: 'A response that is sent cannot become approved', description: 'As `detail`.' },
    instance: { type: 'string', example: '/api/v1/responses/0192…/approve' },
    code: { type: 'string', example: 'invalid_transition', description: 'Stable: for programs.' },
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

export const NOT_MODIFIED = {
  description: 'What you have, by `If-None-Match`, is current.',
  headers: headerRefs('X-Request-Id', 'ETag'),
};

const RETRIED = [429, 503];

/** The answers of refusal that operations refer to, and the schema of all of them. */
export function refusalComponents(used: ReadonlySet<string>): { responses: object; schemas: object } {
  const statuses = Object.keys(REFUSALS).filter((status) => used.has(status));
  const responses = Object.fromEntries(statuses.map((status) => [`Problem${status}`, refusal(Number(status))]));
  return { responses, schemas: { Problem: PROBLEM } };
}

const refusal = (status: number): object => ({ description: REFUSALS[status], ...problemOf(status) });

const problemOf = (status: number): object => ({
  headers: headerRefs('X-Request-Id', ...(RETRIED.includes(status) ? (['Retry-After'] as const) : [])),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** Adds how an operation may refuse, as far as its decorators and its shape tell; what it says itself stays. */
export function addRefusals(place: Place, operation: Operation, facts: OperationFacts, schemas: Schemas): void {
  const { responses } = operation;
  for (const status of statusesOf(place, operation, facts, schemas)) {
    responses[status] ??= { $ref: `#/components/responses/Problem${status}` };
  }
  for (const [status, answer] of Object.entries(responses)) {
    if (Number(status) >= 400 && !answer.$ref && !answer.content) Object.assign(answer, problemOf(Number(status)));
  }
}

function statusesOf(
  { path, method }: Place,
  operation: Operation,
  { access, takesVersion, isLimited }: OperationFacts,
  schemas: Schemas,
): number[] {
  const hasBody = operation.requestBody !== undefined;
  const members = membersOf(operation.requestBody?.content, schemas);
  const namesRecord = path.includes('{') || Object.values(members).some(({ format }) => format === 'uuid');
  const readsToken = access.kind !== 'public' || (operation.security?.length ?? 0) > 0;
  return [
    400, // of any route: a query key that it does not know
    ...(readsToken ? [401, 403] : []),
    ...(namesRecord ? [404] : []),
    ...(method === 'get' ? [] : [409, 422]),
    ...(method !== 'get' && access.kind !== 'public' ? [423] : []),
    ...(takesVersion ? [412] : []),
    ...(hasBody ? [413, 415] : []),
    ...('revision' in members ? [428] : []),
    ...(isLimited ? [429] : []),
    503,
  ];
}
