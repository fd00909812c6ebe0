import { AllowAuthenticated, ApiList, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { JobView } from './jobs.dto.js';
import { JobList, JobsQueries } from './jobs.queries.js';
import { JobsService } from './jobs.service.js';

@ApiTags('transfers')
@Controller('jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly queries: JobsQueries,
  ) {}

  @Get()
  @AllowAuthenticated()
  @ApiList(JobList, JobView)
  @ApiOperation({ summary: 'List my jobs', description: 'What you asked for that takes longer than a request.' })
  list(@Listed(JobList) query: ListQuery): Promise<Page<JobView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @AllowAuthenticated()
  @ApiOkResponse({ type: JobView })
  @ApiOperation({
    summary: 'See how far a job is',
    description: `One’s own; any other is 404. Its owner’s sockets hear \`job:progress\` with \`{ id, kind, state, done, total }\`,
twice a second at most: it may be lost, what is read here is the truth.`,
  })
  view(@Param('id', UuidPipe) id: string): Promise<JobView> {
    return this.queries.view(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @AllowAuthenticated()
  @ApiOkResponse({ type: JobView })
  @ApiOperation({
    summary: 'Cancel a job',
    description: 'It stops between two portions; what it has done by then stays. 409 `job_over` when it has ended.',
  })
  async cancel(@Param('id', UuidPipe) id: string): Promise<JobView> {
    await this.jobs.cancel(id);
    return this.queries.view(id);
  }
}
