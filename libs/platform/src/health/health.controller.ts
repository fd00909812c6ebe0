import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import { ApiExcludeController, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/index.js';
import { HealthView } from './health.dto.js';
import { type Health, HealthService } from './health.service.js';

type Reply = { status(code: number): unknown };

/** Its paths, and the same at the root, are excluded from the global prefix. */
@Public({ limited: false })
@ApiTags('platform')
@Controller('api/v1/health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Everything the process needs, one by one' })
  @ApiResponse({
    status: 200,
    type: HealthView,
    description: 'Serving; `degraded` when something that can be missed is down',
  })
  @ApiResponse({
    status: 503,
    type: HealthView,
    description: 'Not serving: something it cannot work without is down, or it is stopping',
  })
  overall(@Res({ passthrough: true }) reply: Reply): Promise<HealthView> {
    return this.health.overall().then((health) => answer(health, reply));
  }

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The process runs; restart it when this does not answer' })
  @ApiResponse({ status: 200, type: HealthView, description: 'It runs' })
  live(@Res({ passthrough: true }) reply: Reply): Promise<HealthView> {
    return this.health.live().then((health) => answer(health, reply));
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The process may be sent requests' })
  @ApiResponse({ status: 200, type: HealthView, description: 'Send requests' })
  @ApiResponse({
    status: 503,
    type: HealthView,
    description: 'Send none: the database is down, migrations are pending, or it is stopping',
  })
  ready(@Res({ passthrough: true }) reply: Reply): Promise<HealthView> {
    return this.health.overall().then((health) => answer(health, reply));
  }
}

@Public({ limited: false })
@ApiExcludeController()
@Controller('health')
export class RootHealthController extends HealthController {}

function answer({ isServing, report }: Health, reply: Reply): HealthView {
  if (!isServing) reply.status(HttpStatus.SERVICE_UNAVAILABLE);
  return report;
}
