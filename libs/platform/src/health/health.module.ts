import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController, RootHealthController } from './health.controller.js';
import { HealthProbes } from './health-probe.js';
import { HealthService } from './health.service.js';

@Global()
@Module({
  // Terminus would log a failed check at error on each call of a balancer; HealthService tells it once, with the cause.
  imports: [TerminusModule.forRoot({ logger: false })],
  providers: [HealthProbes, HealthService],
  controllers: [HealthController, RootHealthController],
  exports: [HealthProbes],
})
export class HealthModule {}
