import { TenantCreated } from '@app/auth/events';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PipelinesService } from './pipelines.service.js';

@Injectable()
export class PipelinesWorker {
  constructor(private readonly pipelines: PipelinesService) {}

  @On(TenantCreated)
  provideDefault(): Promise<void> {
    return this.pipelines.ensureDefault();
  }
}
