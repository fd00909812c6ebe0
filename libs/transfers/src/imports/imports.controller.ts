import {
  Allow,
  ApiList,
  contentDisposition,
  FileForm,
  FormBody,
  IfMatch,
  Limited,
  Listed,
  type ListQuery,
  NeverStored,
  type Page,
  TakesForm,
  UuidPipe,
} from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Res, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { accepted, ApiAcceptedJob } from '../jobs/accepted.js';
import type { JobView } from '../jobs/jobs.dto.js';
import { JobsQueries } from '../jobs/jobs.queries.js';
import { ImportPermissions } from './import.policy.js';
import { ImportRowView, ImportView, MapImport, shapeSaid, toMapping, UploadImport } from './imports.dto.js';
import { ImportList, ImportRowList, ImportsQueries } from './imports.queries.js';
import { ImportsService } from './imports.service.js';

const BINARY = { type: 'string', format: 'binary' } as const;
const AS_A_JOB =
  'A job does it: 202 with `Location: /api/v1/jobs/:id`. 409 `invalid_transition` while another one works on it.';

@ApiTags('transfers')
@Controller('imports')
export class ImportsController {
  constructor(
    private readonly imports: ImportsService,
    private readonly queries: ImportsQueries,
    private readonly jobs: JobsQueries,
  ) {}

  @Get()
  @Allow(ImportPermissions.run)
  @ApiList(ImportList, ImportView)
  @ApiOperation({ summary: 'List my imports', description: 'Kept for 30 days; what they imported stays.' })
  list(@Listed(ImportList) query: ListQuery): Promise<Page<ImportView>> {
    return this.queries.list(query);
  }

  @Post()
  @TakesForm()
  @NeverStored()
  @Limited('import-upload', 60, 900)
  @Allow(ImportPermissions.run)
  @ApiOperation({
    summary: 'Upload a file of records',
    description: `A form with a CSV of up to 100 MiB and what its rows are, in any order. Encoding and delimiter are told by the
file’s beginning; a header and one row is the least. Answers its columns and first rows; nothing is imported yet. 400 names the
field that is wrong or missing, such as \`entity_unknown\`; 413 \`file_too_large\`, 415 \`not_csv\`, 422 \`file_empty\`,
\`no_rows\`, \`duplicate_columns\`, \`too_many_columns\`.`,
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ type: UploadImport })
  upload(@FormBody(UploadImport) form: FileForm<UploadImport>): Promise<ImportView> {
    return this.imports.upload(form).then((id) => this.queries.view(id));
  }

  @Get(':id')
  @Allow(ImportPermissions.run)
  @ApiOkResponse({ type: ImportView })
  @ApiOperation({ summary: 'See an import', description: 'With what became of its rows. Anybody else’s is 404.' })
  view(@Param('id', UuidPipe) id: string): Promise<ImportView> {
    return this.queries.view(id);
  }

  @Put(':id/mapping')
  @Allow(ImportPermissions.run)
  @ApiOkResponse({ type: ImportView })
  @ApiOperation({
    summary: 'Say which column is which field',
    description: `And what becomes of the rows. A cell that says nothing leaves what is there. It may be said anew until the rows are
imported. 422 \`mapping_refused\` names every fault, 403 \`permission_missing\`.`,
  })
  async map(
    @Param('id', UuidPipe) id: string,
    @Body() body: MapImport,
    @IfMatch() version?: number,
  ): Promise<ImportView> {
    await this.imports.map(id, toMapping(body), shapeSaid(body), version);
    return this.queries.view(id);
  }

  @Post(':id/dry-run')
  @HttpCode(202)
  @Allow(ImportPermissions.run)
  @ApiAcceptedJob()
  @ApiOperation({
    summary: 'Try an import',
    description: `The same as the run, taken back at the end of each portion of 500 rows: what would be created, updated and refused,
and why. ${AS_A_JOB}`,
  })
  async check(@Param('id', UuidPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<JobView> {
    return accepted(reply, await this.jobs.view(await this.imports.check(id)));
  }

  @Post(':id/run')
  @HttpCode(202)
  @Allow(ImportPermissions.run)
  @ApiAcceptedJob()
  @ApiOperation({
    summary: 'Import the rows',
    description: `By the rules by which one record is created or changed; each row is refused by itself. One that failed or was
cancelled goes on where it stopped. ${AS_A_JOB}`,
  })
  async run(@Param('id', UuidPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<JobView> {
    return accepted(reply, await this.jobs.view(await this.imports.run(id)));
  }

  @Post(':id/undo')
  @HttpCode(202)
  @Allow(ImportPermissions.run)
  @ApiAcceptedJob()
  @ApiOperation({
    summary: 'Take an import back',
    description: `What it created goes into the trash, and what it changed is as it was, where nobody changed it since; the rest is kept and
listed: \`GET /imports/:id/rows?outcome=kept\`. ${AS_A_JOB}`,
  })
  async undo(@Param('id', UuidPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<JobView> {
    return accepted(reply, await this.jobs.view(await this.imports.undo(id)));
  }

  @Get(':id/rows')
  @Allow(ImportPermissions.run)
  @ApiList(ImportRowList, ImportRowView)
  @ApiOperation({ summary: 'List what became of the rows', description: 'Of the last dry run or of the run.' })
  rows(@Param('id', UuidPipe) id: string, @Listed(ImportRowList) query: ListQuery): Promise<Page<ImportRowView>> {
    return this.queries.rows(id, query);
  }

  @Get(':id/errors.csv')
  @Allow(ImportPermissions.run)
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: BINARY })
  @ApiOperation({
    summary: 'Download the rows that were refused',
    description: 'As they stood, each led by its number and why: corrected, they can be imported again.',
  })
  async errors(@Param('id', UuidPipe) id: string): Promise<StreamableFile> {
    return new StreamableFile(await this.queries.errors(id), {
      type: 'text/csv; charset=utf-8',
      disposition: contentDisposition('errors.csv'),
    });
  }
}
