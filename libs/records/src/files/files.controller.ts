import type { Readable } from 'node:stream';
import {
  Allow,
  ApiList,
  EvenSuspended,
  IfMatch,
  Limited,
  Listed,
  type ListQuery,
  NeverStored,
  type Page,
  Public,
  TakesFile,
  UploadBody,
  UuidPipe,
} from '@app/platform';
import { Controller, Delete, Get, HttpCode, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { FileDownloads } from './file-downloads.js';
import { FilePermissions } from './file.policy.js';
import { AddFileQuery, AddVersionQuery, FileLinkView, FileVersionView, FileView, LinkQuery } from './files.dto.js';
import { FileList, FilesQueries, FileVersionList } from './files.queries.js';
import { FilesService } from './files.service.js';

const BINARY = { type: 'string', format: 'binary' } as const;
const REFUSALS = `Sent as it is, up to 25 MiB; what it is is told by its bytes, and its name must say the same. 413 \`file_too_large\`,
415 \`file_type_refused\`, 422 \`file_name_refused\` and \`file_empty\`. 404 as for the record itself, 403 \`record_out_of_reach\`.`;

@Controller('files')
@ApiTags('records')
export class FilesController {
  constructor(
    private readonly files: FilesService,
    private readonly queries: FilesQueries,
    private readonly downloads: FileDownloads,
  ) {}

  @Get()
  @Allow(FilePermissions.read)
  @ApiOperation({
    summary: 'List files',
    description: 'Of all records that you may read, or of some: `recordKind=customers&recordId=…`.',
  })
  @ApiList(FileList, FileView)
  list(@Listed(FileList) query: ListQuery): Promise<Page<FileView>> {
    return this.queries.list(query);
  }

  @Get('content/:token')
  @Public()
  @Limited('file-content', 300, 900)
  @ApiOperation({
    summary: 'Download a file by its link',
    description: 'To be saved: its content type is told only when no browser runs it. 404 `file_link_unknown`.',
  })
  @ApiProduces('*/*')
  @ApiOkResponse({ schema: BINARY })
  download(@Param('token') token: string): Promise<StreamableFile> {
    return this.downloads.download(token);
  }

  @Get(':id')
  @Allow(FilePermissions.read)
  @ApiOperation({ summary: 'Read what is known of a file' })
  view(@Param('id', UuidPipe) id: string): Promise<FileView> {
    return this.queries.readable(id);
  }

  @Post()
  @TakesFile()
  @NeverStored()
  @Allow(FilePermissions.write)
  @ApiOperation({ summary: 'Add a file to a record', description: REFUSALS })
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: BINARY })
  add(@Query() to: AddFileQuery, @UploadBody() upload: Readable | undefined): Promise<FileView> {
    return this.files.add(to, upload).then((id) => this.queries.readable(id));
  }

  @Get(':id/versions')
  @Allow(FilePermissions.read)
  @ApiOperation({ summary: 'List the versions of a file' })
  @ApiList(FileVersionList, FileVersionView)
  versions(
    @Param('id', UuidPipe) id: string,
    @Listed(FileVersionList) query: ListQuery,
  ): Promise<Page<FileVersionView>> {
    return this.queries.versions(id, query);
  }

  @Post(':id/versions')
  @TakesFile()
  @NeverStored()
  @Allow(FilePermissions.write)
  @ApiOperation({ summary: 'Give a file new bytes; the former ones stay', description: REFUSALS })
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: BINARY })
  async renew(
    @Param('id', UuidPipe) id: string,
    @Query() { name }: AddVersionQuery,
    @UploadBody() upload: Readable | undefined,
    @IfMatch() version?: number,
  ): Promise<FileView> {
    await this.files.renew(await this.queries.readable(id), name, upload, version);
    return this.queries.readable(id);
  }

  @Post(':id/link')
  @EvenSuspended()
  @HttpCode(200)
  @NeverStored()
  @Allow(FilePermissions.read)
  @ApiOperation({
    summary: 'Get a link to download a file, or one of its versions',
    description: `It needs no login and is over after five minutes; that it was given out is on record. 423
\`file_quarantined\` while the file is looked into, or when something was found in it.`,
  })
  async link(@Param('id', UuidPipe) id: string, @Query() { number }: LinkQuery): Promise<FileLinkView> {
    const { latest } = await this.queries.readable(id);
    return this.downloads.linkTo(id, number ?? latest);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(FilePermissions.write)
  @ApiOperation({
    summary: 'Remove a file with all its versions',
    description: 'One’s own, or with `files:moderate` any. 403 `file_of_another`, `record_out_of_reach`.',
  })
  async remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    await this.files.remove(await this.queries.readable(id), version);
  }
}
