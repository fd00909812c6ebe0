import type { Operation, Place, Ref } from './operation.js';
import type { OperationFacts } from './operation-facts.js';

const header = (name: string, description: string, example?: string): object => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
  ...(example !== undefined && { example }),
});

const PARAMETERS = {
  IdempotencyKey: header('Idempotency-Key', 'Repeat with the same key and body: the first answer comes again.'),
  IfMatch: header('If-Match', 'The `ETag` that you saw: refused with 412 when it is stale.'),
  IfNoneMatch: header('If-None-Match', 'The `ETag` that you have: 304 and no body while it is current.'),
};

export const parameterComponents = (): object => PARAMETERS;

const ref = (name: keyof typeof PARAMETERS): Ref => ({ $ref: `#/components/parameters/${name}` });

/** The headers that an operation understands. */
export const requestHeadersOf = ({ method }: Place, { responses }: Operation, facts: OperationFacts): Ref[] => [
  ...(facts.isRepeatable ? [ref('IdempotencyKey')] : []),
  ...(facts.takesVersion ? [ref('IfMatch')] : []),
  ...(method === 'get' && '304' in responses ? [ref('IfNoneMatch')] : []),
];
