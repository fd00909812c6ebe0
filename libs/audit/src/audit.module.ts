import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditFacade } from './audit.facade.js';
import { AuditQueries } from './audit.queries.js';
import { AuditWorker } from './audit.worker.js';
import { CheckpointFile } from './checkpoints/checkpoint-file.js';
import { CheckpointSigner } from './checkpoints/checkpoint-signer.js';
import { Checkpoints } from './checkpoints/checkpoints.service.js';
import { AuditSealer } from './sealing/sealer.js';
import { AuditExport } from './export/audit-export.service.js';
import { SealingWatch } from './sealing/sealing-watch.js';
import { Receipts } from './checkpoints/receipts.js';
import { ChainQueries } from './verification/chain.queries.js';
import { AuditVerification } from './verification/verification.service.js';

@Module({
  providers: [
    AuditFacade,
    AuditExport,
    AuditSealer,
    SealingWatch,
    CheckpointFile,
    CheckpointSigner,
    Checkpoints,
    ChainQueries,
    AuditVerification,
  ],
  exports: [
    AuditFacade,
    AuditExport,
    AuditSealer,
    SealingWatch,
    CheckpointFile,
    CheckpointSigner,
    Checkpoints,
    ChainQueries,
    AuditVerification,
  ],
})
export class AuditModule {}

@Module({ imports: [AuditModule], controllers: [AuditController], providers: [AuditQueries] })
export class AuditApiModule {}

@Module({ imports: [AuditModule], providers: [AuditWorker, Receipts] })
export class AuditWorkerModule {}
