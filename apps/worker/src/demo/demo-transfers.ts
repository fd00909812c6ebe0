import type { StoredFile } from '@app/platform';
import type { Desk } from './demo-customers.js';
import { demoId, SERIES } from './demo-ids.js';
import type { DemoTenant } from './demo-people.js';
import type { DemoRow } from './demo-rows.js';

const HEADER = ['First name', 'E-mail'];
const FIRST = ['Ines', 'ines@trade-fair.example'];
const SECOND = ['', 'nobody@trade-fair.example'];
/** What came of a trade fair: tried, and not yet imported. */
export const DEMO_CSV = Buffer.from([HEADER, FIRST, SECOND].map((cells) => `${cells.join(',')}\n`).join(''));

const KEPT = { version: 1 };
const idsOf = ({ index }: DemoTenant) => ({
  tried: demoId(index, SERIES.job, 1),
  written: demoId(index, SERIES.job, 2),
  imported: demoId(index, SERIES.import, 1),
  exported: demoId(index, SERIES.export, 1),
});

export function jobRows(tenant: DemoTenant, { admin }: Desk, now: Date): DemoRow[] {
  const { tried, written, imported, exported } = idsOf(tenant);
  const over = { state: 'done', is_cancel_asked: false, created_by: admin, started_at: now, finished_at: now, ...KEPT };
  const [ofImport, ofExport] = [`/api/v1/imports/${imported}`, `/api/v1/exports/${exported}`];
  return [
    { id: tried, kind: 'imports.check', subject_id: imported, done: 2, total: 2, tally: REPORT, result_url: ofImport },
    { id: written, kind: 'exports.write', subject_id: exported, done: 2, total: null, tally: {}, result_url: ofExport },
  ].map((row) => ({ ...row, ...over }));
}

const REPORT = { created: 1, refused: 1 };

export const importRow = (tenant: DemoTenant, { admin }: Desk, { hash, size }: StoredFile): DemoRow => ({
  ...{ id: idsOf(tenant).imported, entity: 'customers', name: 'trade-fair.csv', hash, size, state: 'ready' },
  ...{ encoding: 'utf-8', delimiter: ',', columns: HEADER, sample: [FIRST, SECOND], row_count: 2, pass: 1 },
  mapping: {
    columns: [
      { column: 'First name', field: 'firstName' },
      { column: 'E-mail', field: 'email' },
    ],
    ...{ mode: 'create', match: [], numbers: 'point', dates: 'iso' },
  },
  ...{ job_id: idsOf(tenant).tried, report: REPORT, created_by: admin, ...KEPT },
});

export function importRowRows(tenant: DemoTenant): DemoRow[] {
  const of = { import_id: idsOf(tenant).imported, pass: 1 };
  const why = {
    code: 'required_field',
    field: 'firstName',
    detail: 'Without a first name there is no new customer',
  };
  const id = (n: number): string => demoId(tenant.index, SERIES.import, 0x100 + n);
  return [
    { ...of, id: id(1), number: 2, outcome: 'created', code: null, field: null, detail: null, cells: null },
    { ...of, id: id(2), number: 3, outcome: 'refused', ...why, cells: SECOND },
  ];
}

export const exportRow = (tenant: DemoTenant, { admin }: Desk, { hash, size }: StoredFile): DemoRow => ({
  ...{ id: idsOf(tenant).exported, entity: 'customers', format: 'csv', query: { q: 'trade fair' }, state: 'ready' },
  ...{ job_id: idsOf(tenant).written, hash, size, row_count: 2, created_by: admin, ...KEPT },
});
