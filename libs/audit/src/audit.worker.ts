import { Every } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Checkpoints } from './checkpoints/checkpoints.service.js';
import { AuditSealer } from './sealing/sealer.js';
import { type HeldBack, SealingWatch } from './sealing/sealing-watch.js';

@Injectable()
export class AuditWorker {
  constructor(
    private readonly sealer: AuditSealer,
    private readonly watch: SealingWatch,
    private readonly checkpoints: Checkpoints,
  ) {}

  @Every(2)
  seal(): Promise<number> {
    return this.sealer.seal();
  }

  @Every(30)
  lookAtSealing(): Promise<HeldBack | undefined> {
    return this.watch.look();
  }

  @Every(15)
  checkpoint(): Promise<number> {
    return this.checkpoints.makeDue();
  }
}
