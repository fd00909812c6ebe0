import { Module } from '@nestjs/common';
import { ExportDownloads } from './exports/export-downloads.js';
import { ExportWriting } from './exports/export-works.js';
import { ExportsController } from './exports/exports.controller.js';
import { ExportsQueries } from './exports/exports.queries.js';
import { ExportsService } from './exports/exports.service.js';
import { ImportPortions } from './imports/import-portions.js';
import { ImportRows } from './imports/import-rows.js';
import { ImportCheck, ImportReading, ImportRun, ImportUndo } from './imports/import-works.js';
import { Importables } from './imports/importables.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportsQueries } from './imports/imports.queries.js';
import { ImportsService } from './imports/imports.service.js';
import { JobsController } from './jobs/jobs.controller.js';
import { JobsQueries } from './jobs/jobs.queries.js';
import { JobsService } from './jobs/jobs.service.js';
import { JobsWorker } from './jobs/jobs.worker.js';
import { TransfersWorker } from './transfers.worker.js';

@Module({
  controllers: [JobsController, ImportsController, ExportsController],
  providers: [
    ExportDownloads,
    ExportsQueries,
    ExportsService,
    Importables,
    ImportsQueries,
    ImportsService,
    JobsQueries,
    JobsService,
  ],
})
export class TransfersApiModule {}

@Module({
  providers: [
    ExportWriting,
    Importables,
    ImportCheck,
    ImportPortions,
    ImportReading,
    ImportRows,
    ImportRun,
    ImportUndo,
    JobsWorker,
    TransfersWorker,
  ],
})
export class TransfersWorkerModule {}
