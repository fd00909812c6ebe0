import type { StoredFile } from '@app/platform';
import type { Desk } from './demo-customers.js';
import { demoId, SERIES } from './demo-ids.js';
import type { DemoTenant } from './demo-people.js';
import type { DemoRow } from './demo-rows.js';

const DAY = 86_400_000;

/** What somebody noted about the first customer, and about an inquiry. */
export function noteRows({ index }: DemoTenant, { admin, manager }: Desk, now: Date): DemoRow[] {
  const customer = { record_kind: 'customers', record_id: demoId(index, SERIES.customer, 1) };
  const inquiry = { record_kind: 'inquiries', record_id: demoId(index, SERIES.inquiry, 7) };
  const notes = [
    { ...customer, body: 'Prefers to be called in the morning.', created_by: admin },
    { ...customer, body: 'Moves to Hamburg next year. @cso, please ask for the new address.', created_by: manager },
    { ...inquiry, body: 'The carrier was told; see the claim of last week.', created_by: manager },
  ];
  return notes.map((note, n) => {
    const at = new Date(now.getTime() - (n + 1) * DAY).toISOString();
    return { id: demoId(index, SERIES.note, n + 1), ...note, version: 1, created_at: at, updated_at: at };
  });
}

const TAGS = ['VIP', 'Trade fair', 'Speaks German'];

export const tagRows = ({ index }: DemoTenant, { manager }: Desk): DemoRow[] =>
  TAGS.map((name, n) => ({ id: demoId(index, SERIES.tag, n + 1), name, created_by: manager, version: 1 }));

/** Each tag on three customers, and the first on an inquiry. */
export function recordTagRows({ index }: DemoTenant, { manager }: Desk): DemoRow[] {
  const on = TAGS.flatMap((_, tag) =>
    [1, 2, 3].map((nth) => ({ tag, kind: 'customers', id: demoId(index, SERIES.customer, nth * (tag + 1)) })),
  );
  const all = [...on, { tag: 0, kind: 'inquiries', id: demoId(index, SERIES.inquiry, 7) }];
  return all.map(({ tag, kind, id }, n) => ({
    id: demoId(index, SERIES.recordTag, n + 1),
    tag_id: demoId(index, SERIES.tag, tag + 1),
    record_kind: kind,
    record_id: id,
    created_by: manager,
  }));
}

/** What the company keeps of its customers and deals besides. */
export function customFieldRows({ index }: DemoTenant, { manager }: Desk): DemoRow[] {
  const plain = { options: [], rules: {}, is_required: false, is_personal: false, created_by: manager, version: 1 };
  const contract = { record_kind: 'customers', key: 'contractNumber', label: 'Contract number', type: 'text' };
  const renewal = { record_kind: 'deals', key: 'renewal', label: 'Renewal', type: 'date' };
  return [
    { id: demoId(index, SERIES.customField, 1), ...plain, ...contract, is_indexed: true, index_state: 'building' },
    { id: demoId(index, SERIES.customField, 2), ...plain, ...renewal, is_indexed: false, index_state: 'none' },
  ];
}

/** Everybody's, over the customers. */
export const savedViewRows = ({ index }: DemoTenant, { manager }: Desk): DemoRow[] => [
  {
    id: demoId(index, SERIES.savedView, 1),
    resource: 'customers',
    name: 'Under contract',
    where: { all: [{ field: 'cf.contractNumber', op: 'null', value: false }] },
    sort: 'cf.contractNumber',
    columns: ['id', 'lastName', 'company', 'cf.contractNumber'],
    audience: 'tenant',
    is_pinned: true,
    owner_id: manager,
    version: 1,
  },
];

export const DEMO_FILE = Buffer.from('Called on Monday: the new contract begins in January.\n');

/** What was written down when the first customer called. */
export const fileRows = ({ index }: DemoTenant, { manager }: Desk): DemoRow[] => [
  {
    id: demoId(index, SERIES.file, 1),
    record_kind: 'customers',
    record_id: demoId(index, SERIES.customer, 1),
    name: 'call.txt',
    latest: 1,
    created_by: manager,
    version: 1,
  },
];

export const fileVersionRow = ({ index }: DemoTenant, { manager }: Desk, { hash, size }: StoredFile): DemoRow => ({
  id: demoId(index, SERIES.fileVersion, 1),
  file_id: demoId(index, SERIES.file, 1),
  number: 1,
  hash,
  size,
  mime_type: 'text/plain',
  state: 'available',
  created_by: manager,
  version: 1,
});
