import {
  AllowAuthenticated,
  ApiList,
  EvenSuspended,
  Limited,
  Listed,
  type ListQuery,
  NeverStored,
  type Page,
  Public,
  StepUp,
  UuidPipe,
} from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Res, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { accepted, ApiAcceptedJob } from '../jobs/accepted.js';
import type { JobView } from '../jobs/jobs.dto.js';
import { JobsQueries } from '../jobs/jobs.queries.js';
import { ExportDownloads } from './export-downloads.js';
import { AskExport, ExportLinkView, ExportView } from './exports.dto.js';
import { ExportList, ExportsQueries } from './exports.queries.js';
import { ExportsService } from './exports.service.js';

@ApiTags('transfers')
@Controller('exports')
export class ExportsController {
  constructor(
    private readonly exports: ExportsService,
    private readonly queries: ExportsQueries,
    private readonly downloads: ExportDownloads,
    private readonly jobs: JobsQueries,
  ) {}

  @Get()
  @AllowAuthenticated()
  @ApiList(ExportList, ExportView)
  @ApiOperation({ summary: 'List my exports', description: 'Kept for seven days.' })
  list(@Listed(ExportList) query: ListQuery): Promise<Page<ExportView>> {
    return this.queries.list(query);
  }

  @Post()
  @HttpCode(202)
  @StepUp()
  @AllowAuthenticated()
  @ApiAcceptedJob()
  @ApiOperation({
    summary: 'Export a list of any length',
    description: `What you may read, by the condition tree of the list’s search. Needs the permission \`<entity>:export\`, and a second factor
or password shown in the last ten minutes; that it was asked for is on record. A job writes the file: 202 with
\`Location: /api/v1/jobs/:id\`, whose \`resultUrl\` is the export. 422 \`entity_unknown\`, 403 \`permission_missing\`.`,
  })
  async ask(
    @Body() { entity, format = 'csv', query = {} }: AskExport,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobView> {
    return accepted(reply, await this.jobs.view(await this.exports.ask({ entity, format, query })));
  }

  @Get('content/:token')
  @Public()
  @Limited('export-content', 300, 900)
  @ApiOperation({ summary: 'Download an export by its link', description: '404 `export_link_unknown`.' })
  @ApiProduces('*/*')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  download(@Param('token') token: string): Promise<StreamableFile> {
    return this.downloads.download(token);
  }

  @Get(':id')
  @AllowAuthenticated()
  @ApiOkResponse({ type: ExportView })
  @ApiOperation({ summary: 'See an export', description: 'One’s own; any other is 404.' })
  view(@Param('id', UuidPipe) id: string): Promise<ExportView> {
    return this.queries.view(id);
  }

  @Post(':id/link')
  @EvenSuspended()
  @HttpCode(200)
  @NeverStored()
  @AllowAuthenticated()
  @ApiOkResponse({ type: ExportLinkView })
  @ApiOperation({
    summary: 'Get a link to download an export',
    description:
      'It needs no login and is over after five minutes; that it was given out is on record. 409 `export_not_ready`.',
  })
  link(@Param('id', UuidPipe) id: string): Promise<ExportLinkView> {
    return this.downloads.linkTo(id);
  }
}
