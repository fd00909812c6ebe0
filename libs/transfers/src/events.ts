import { defineEvent } from '@app/kernel';

type OfJob = { jobId: string; kind: string };

export const JobStarted = defineEvent<OfJob>('jobs.started', 'A worker began with what somebody asked for');
export const JobEnded = defineEvent<OfJob & { state: string }>(
  'jobs.ended',
  'Long work came to its end: `done`, `failed` or `cancelled`',
);

type OfImport = { importId: string; entity: string };

export const ImportUploaded = defineEvent<OfImport>('imports.uploaded', 'A file of records to import was stored');
export const ImportEnded = defineEvent<OfImport & { state: string; tally: Readonly<Record<string, number>> }>(
  'imports.ended',
  'The rows of a file became records: `done` all of them, `partial` some, `failed` or `cancelled` in between',
);
export const ImportUndone = defineEvent<OfImport & { tally: Readonly<Record<string, number>> }>(
  'imports.undone',
  'An import was taken back, as far as nobody had changed since what it did',
);

type OfExport = { exportId: string; entity: string };

export const ExportAsked = defineEvent<OfExport>('exports.asked', 'Somebody asked for a list as a file');
export const ExportReady = defineEvent<OfExport & { rows: number }>('exports.ready', 'A list is a file');
