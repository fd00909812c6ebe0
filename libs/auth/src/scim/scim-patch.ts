import { ScimInvalidSyntax } from './scim.errors.js';
import { isObject, objectOf } from './scim-values.js';

export type PatchOperation = {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string | undefined;
  readonly value: unknown;
};

const MOST_OPERATIONS = 1000;

/**
 * The operations of a PatchOp body. Names of operations are taken in any case: Entra writes `Replace`.
 * @throws ScimInvalidSyntax
 */
export function readPatch(body: unknown): PatchOperation[] {
  const given = objectOf(body);
  const operations = given.Operations ?? given.operations;
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ScimInvalidSyntax('A patch has a list of Operations');
  if (operations.length > MOST_OPERATIONS) throw new ScimInvalidSyntax(`At most ${MOST_OPERATIONS} operations`);
  return operations.map(readOperation);
}

function readOperation(given: unknown): PatchOperation {
  if (!isObject(given) || typeof given.op !== 'string') throw new ScimInvalidSyntax('An operation has an op');
  const op = given.op.toLowerCase();
  if (op !== 'add' && op !== 'replace' && op !== 'remove')
    throw new ScimInvalidSyntax('An op is add, replace or remove');
  const { path, value } = given;
  if (path !== undefined && path !== null && typeof path !== 'string') throw new ScimInvalidSyntax('A path is text');
  return { op, path: typeof path === 'string' && path.trim() !== '' ? path : undefined, value };
}
