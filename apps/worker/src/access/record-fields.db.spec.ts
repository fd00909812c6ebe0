import { GuardedRecordsPort, Ports, RecordFieldsPort, toldKinds } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts } from '../../../contexts.js';

/** Records of which no role is kept from a field, and why. */
const WHOLE: Readonly<Record<string, string>> = {
  approvals: 'who decides sees all that is decided upon',
  macros: 'texts for colleagues, about nobody',
  mail: 'as it came from outside; who may read it has a permission of its own',
  pipelines: 'how the company sells, which everybody who sells has to know',
  responses: 'who approves a text sees the text that goes out',
};

const IDENTITY = ['id', 'version', 'status', 'createdAt', 'updatedAt', 'createdBy', 'assignedTo', 'ownerId', 'teamId'];

describe('A kind of record', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...contexts] });
  });
  afterAll(() => slice?.close());

  it('declares the fields that a role may be kept from, or has a reason for none', () => {
    const ports = slice.get(Ports);
    const declared = ports.all(RecordFieldsPort).map(({ kind }) => kind);
    const guarded = ports.all(GuardedRecordsPort).map(({ kind }) => kind);
    expect(guarded.filter((kind) => !declared.includes(kind)).sort()).toEqual(Object.keys(WHOLE).sort());
    expect([...new Set(declared)]).toHaveLength(declared.length);
  });

  it('is told by views that are marked as its own, and its identity is never kept back', () => {
    for (const { kind, fields } of slice.get(Ports).all(RecordFieldsPort)) {
      expect([kind, toldKinds().has(kind)]).toEqual([kind, true]);
      const names = Object.entries(fields).flatMap(([name, { also = [] }]) => [name, ...also]);
      expect(names.filter((name) => IDENTITY.includes(name))).toEqual([]);
    }
  });
});
