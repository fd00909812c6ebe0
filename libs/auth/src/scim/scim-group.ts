import { isId } from '@app/kernel';
import { ScimInvalidPath, ScimInvalidValue, ScimNoTarget, ScimReadOnly } from './scim.errors.js';
import { parsePath } from './scim-filter.js';
import type { PatchOperation } from './scim-patch.js';
import { isObject, nameOf, objectOf } from './scim-values.js';

export type GroupDraft = { name?: string; externalId?: string | null; members?: readonly string[] };
/** What becomes of the members, step by step. */
export type MemberStep = { readonly how: 'add' | 'remove' | 'set'; readonly ids: readonly string[] };
export type GroupPatch = Omit<GroupDraft, 'members'> & { readonly steps: MemberStep[] };

const READ_ONLY = ['id', 'meta'];

/** A whole document: of a POST or a PUT. @throws ScimInvalidValue */
export function readGroup(body: unknown): GroupDraft & { name: string } {
  const given = Object.fromEntries(Object.entries(objectOf(body)).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    name: nameOf('displayName', given.displayname, 100),
    externalId: externalIdOf(given.externalid),
    ...(given.members === undefined ? {} : { members: idsOf(given.members) }),
  };
}

/** What the operations of a PATCH come to. @throws ScimInvalidPath, ScimInvalidValue, ScimNoTarget, ScimReadOnly */
export function patchGroup(operations: readonly PatchOperation[]): GroupPatch {
  const patch: GroupPatch = { steps: [] };
  for (const operation of operations) {
    if (operation.path !== undefined) takePath(patch, operation, operation.path);
    else if (operation.op === 'remove') throw new ScimNoTarget();
    else
      for (const [key, value] of Object.entries(objectOf(operation.value)))
        take(patch, operation.op, key.toLowerCase(), value);
  }
  return patch;
}

function takePath(patch: GroupPatch, { op, value }: PatchOperation, path: string): void {
  const { attribute, which, sub } = parsePath(path);
  if (attribute === 'members' && which && !sub) {
    if (op !== 'remove' || which.attribute !== 'value') throw new ScimInvalidPath(path);
    patch.steps.push({ how: 'remove', ids: idsOf([{ value: which.value }]) });
    return;
  }
  if (READ_ONLY.includes(attribute)) throw new ScimReadOnly(path);
  if (sub || !take(patch, op, attribute, value)) throw new ScimInvalidPath(path);
}

/** Whether there is such an attribute. */
function take(patch: GroupPatch, op: PatchOperation['op'], attribute: string, value: unknown): boolean {
  switch (attribute) {
    case 'displayname':
      if (op === 'remove') throw new ScimInvalidValue('displayName', 'is required');
      patch.name = nameOf('displayName', value, 100);
      return true;
    case 'externalid':
      patch.externalId = op === 'remove' ? null : externalIdOf(value);
      return true;
    case 'members':
      patch.steps.push(stepOf(op, value));
      return true;
    default:
      return false;
  }
}

/** Entra names those to be removed in the value; without any, all are meant (RFC 7644, section 3.5.2.2). */
function stepOf(op: PatchOperation['op'], value: unknown): MemberStep {
  const isNobody = value === undefined || value === null;
  if (op === 'remove') return isNobody ? { how: 'set', ids: [] } : { how: 'remove', ids: idsOf(value) };
  return { how: op === 'add' ? 'add' : 'set', ids: isNobody ? [] : idsOf(value) };
}

const externalIdOf = (value: unknown): string | null =>
  value === undefined || value === null || value === '' ? null : nameOf('externalId', value);

function idsOf(value: unknown): string[] {
  const members = Array.isArray(value) ? (value as unknown[]) : [value];
  return members.map((member) => {
    const id = isObject(member) ? member.value : member;
    if (!isId(id)) throw new ScimInvalidValue('members', 'must name users by their ids');
    return id.toLowerCase();
  });
}
