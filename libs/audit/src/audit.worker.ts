import { Every } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Checkpoints } from './checkpoints/checkpoints.service.js';
import { AuditSealer } from './sealing/sealer.js';

@Injectable()
export class AuditWorker {
  constructor(
    private readonly sealer: AuditSealer,
    private readonly checkpoints: Checkpoints,
  ) {}

  @Every(2)
  seal(): Promise<number> {
    return this.sealer.seal();
  }

  @Every(15)
  checkpoint(): Promise<number> {
    return this.checkpoints.makeDue();
  }
}
