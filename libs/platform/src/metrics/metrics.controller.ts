import { Controller, Get, Header, Headers } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { NotFound, Unauthenticated } from '@app/kernel';
import { Public } from '../access/index.js';
import { Config } from '../config/index.js';
import { isSameSecret } from '../crypto/same-secret.js';
import { Metrics } from './metrics.js';

/** Both paths are excluded from the global prefix. */
@Public({ limited: false })
@ApiExcludeController()
@Controller(['metrics', 'api/v1/metrics'])
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly config: Config,
  ) {}

  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  read(@Headers('authorization') authorization?: string): Promise<string> {
    this.admit(authorization);
    return this.metrics.exposition();
  }

  private admit(authorization: string | undefined): void {
    const { METRICS_TOKEN: token, NODE_ENV } = this.config;
    if (token === undefined && NODE_ENV === 'production') throw new NotFound('not_found', 'There is nothing here');
    if (token === undefined || isSameSecret(authorization ?? '', `Bearer ${token}`)) return;
    throw new Unauthenticated('metrics_token_required', 'The metrics are read with their own token');
  }
}
