import type { PayloadOf } from '@app/kernel';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SlaEscalated } from '../events.js';
import { EscalationsService } from './escalations.service.js';

@Injectable()
export class EscalationsWorker {
  constructor(private readonly escalations: EscalationsService) {}

  @On(SlaEscalated)
  takeStep(due: PayloadOf<typeof SlaEscalated>): Promise<void> {
    return this.escalations.take(due);
  }
}
