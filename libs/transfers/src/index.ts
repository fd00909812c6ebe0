import { defineContext } from '@app/platform';
import { transfersMigrations } from '../migrations/index.js';
import { RecordExport } from './exports/export.entity.js';
import { RecordImport } from './imports/import.entity.js';
import { ImportPermissions } from './imports/import.policy.js';
import { LongJob } from './jobs/job.entity.js';
import { TransfersApiModule, TransfersWorkerModule } from './transfers.module.js';

export const transfersContext = defineContext({
  name: 'transfers',
  version: '1.0.0',
  description: 'Work that takes longer than a request: records from files, lists as files, and how far each job is.',
  uses: ['auth', 'records'],
  api: TransfersApiModule,
  worker: TransfersWorkerModule,
  entities: [LongJob, RecordImport, RecordExport],
  migrations: transfersMigrations,
  permissions: [ImportPermissions],
});
