import { definePermissions, StateMachine } from '@app/kernel';

export const ImportPermissions = definePermissions('imports', {
  run: 'Import records from files, as far as one may create and change them, and take imports back',
});

export const IMPORT_STATES = [
  'uploaded',
  'mapped',
  'checking',
  'ready',
  'running',
  'done',
  'partial',
  'failed',
  'cancelled',
  'undoing',
  'undone',
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** `checking` is the dry run. What failed or was cancelled goes on where it stopped, or is taken back. */
export const IMPORT_STATE = new StateMachine<ImportState>('import', 'uploaded', {
  uploaded: ['mapped'],
  mapped: ['mapped', 'checking', 'running'],
  checking: ['ready', 'mapped'],
  ready: ['mapped', 'checking', 'running'],
  running: ['done', 'partial', 'failed', 'cancelled'],
  done: ['undoing'],
  partial: ['undoing'],
  failed: ['running', 'undoing'],
  cancelled: ['running', 'undoing'],
  undoing: ['undone', 'partial'],
  undone: [],
});

export const MOST_IMPORT_BYTES = 100 * 1024 * 1024;
export const MOST_COLUMNS = 500;
export const MOST_CELL_BYTES = 100_000;
/** Rows of one transaction. */
export const PORTION = 500;

export const ROW_OUTCOMES = ['created', 'updated', 'unchanged', 'refused', 'undone', 'kept'] as const;
export type RowOutcome = (typeof ROW_OUTCOMES)[number];
