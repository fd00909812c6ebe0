import { membersOf, type Operation, type Place, type Ref, type Schemas } from './operation.js';
import type { OperationFacts } from './operation-facts.js';

const text = (description: string, example: string): object => ({
  description,
  schema: { type: 'string' },
  example,
});

const HEADERS = {
  'X-Request-Id': text('Names the request in the logs and the audit trail.', '01920000-0000-7000-8000-000000000001'),
  ETag: text('The version of the record: send it back as `If-Match`.', '"3"'),
  Location: text('Where the new record is found.', '/api/v1/customers/01920000-0001-7004-8000-000000000001'),
  Link: text(
    'First, previous, next and last page as far as they are known (RFC 8288).',
    '</api/v1/customers?page=2>; rel="next"',
  ),
  'Idempotent-Replayed': text('`true` on an answer that was given before for the same `Idempotency-Key`.', 'true'),
  RateLimit: text('What is left of each limit, and in how many seconds it is whole again.', '"burst";r=99;t=1'),
  'RateLimit-Policy': text('Each limit: its quota, and the seconds that it counts.', '"burst";q=100;w=1'),
  'Retry-After': text('In how many seconds to try again.', '1'),
};

export type HeaderName = keyof typeof HEADERS;

export const headerComponents = (): object => HEADERS;

export const headerRefs = (...names: HeaderName[]): Record<string, Ref> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const MEANING: Record<string, string> = {
  200: 'As it stands now.',
  201: 'Created.',
  202: 'Accepted: the rest is done soon.',
  204: 'Done; there is nothing to tell.',
};

/** Gives each answer of success the headers that the interceptors will give it, read off its body as they read it. */
export function addHeaders(place: Place, operation: Operation, facts: OperationFacts, schemas: Schemas): void {
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (!status.startsWith('2')) continue;
    const names = namesOf(place, status, membersOf(answer.content, schemas), facts);
    answer.headers = { ...headerRefs(...names), ...answer.headers };
    answer.description ||= MEANING[status] ?? 'Done.';
    if (place.method !== 'get' || !names.includes('ETag')) continue;
    operation.responses['304'] = { $ref: '#/components/responses/NotModified' };
  }
}

function namesOf(place: Place, status: string, members: object, facts: OperationFacts): HeaderName[] {
  const isPage = 'data' in members && 'meta' in members;
  const isVersioned = 'version' in members && !('data' in members);
  const isPlaced = status === '201' && 'id' in members && place.hasRecords;
  return [
    'X-Request-Id',
    ...(facts.isLimited ? (['RateLimit', 'RateLimit-Policy'] as const) : []),
    ...(isVersioned ? (['ETag'] as const) : []),
    ...(isPage && place.method === 'get' ? (['Link'] as const) : []),
    ...(isPlaced ? (['Location'] as const) : []),
    ...(facts.isRepeatable ? (['Idempotent-Replayed'] as const) : []),
  ];
}
