import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, TakesRawMail, UuidPipe } from '@app/platform';
import { Controller, Get, Header, HttpCode, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { MailFiles } from './mail-files.service.js';
import { MailIntake } from './mail-intake.service.js';
import { MailPermissions } from './mail.policy.js';
import { IngestedView, IngestQuery, MailSummary, MailView } from './mails.dto.js';
import { MailList, MailsQueries } from './mails.queries.js';
import { RawMail } from './raw-mail.js';

const BINARY = { type: 'string', format: 'binary' } as const;
const SANDBOX = "sandbox; default-src 'none'";

@ApiTags('mail')
@Controller('mail')
export class MailsController {
  constructor(
    private readonly intake: MailIntake,
    private readonly queries: MailsQueries,
    private readonly files: MailFiles,
  ) {}

  @Post('raw')
  @HttpCode(202)
  @TakesRawMail()
  @Allow(MailPermissions.ingest)
  @ApiOperation({
    summary: 'Hand in a raw mail',
    description:
      'The mail as it came in (RFC 5322), up to 25 MiB. It is stored before the answer and read by the worker: `GET /mail/messages/{id}` ' +
      'tells what became of it. The same bytes again get the same id and change nothing.',
  })
  @ApiConsumes('message/rfc822')
  @ApiBody({ schema: BINARY })
  ingest(@RawMail() raw: Buffer, @Query() { mailbox }: IngestQuery): Promise<IngestedView> {
    return this.intake.take(raw, mailbox);
  }

  @Get('messages')
  @Allow(MailPermissions.read)
  @ApiOperation({ summary: 'List incoming mails', description: '`state=quarantined` lists what could not be read.' })
  @ApiList(MailList, MailSummary)
  list(@Listed(MailList) query: ListQuery): Promise<Page<MailSummary>> {
    return this.queries.list(query);
  }

  @Get('messages/:id')
  @Allow(MailPermissions.read)
  @ApiOperation({ summary: 'Read an incoming mail and what became of it' })
  read(@Param('id', UuidPipe) id: string): Promise<MailView> {
    return this.queries.get(id);
  }

  @Get('messages/:id/raw')
  @Allow(MailPermissions.read)
  @Header('Content-Security-Policy', SANDBOX)
  @ApiOperation({
    summary: 'Download the raw source of a mail',
    description:
      'The download is recorded in the audit trail. 403 `mail_hidden` for what is kept from you, without `mail:reveal`; ' +
      '404 `source_deleted` once the tenant keeps it no longer.',
  })
  @ApiProduces('message/rfc822')
  @ApiOkResponse({ schema: BINARY })
  raw(@Param('id', UuidPipe) id: string): Promise<StreamableFile> {
    return this.files.raw(id);
  }

  @Get('messages/:id/attachments/:attachmentId')
  @Allow(MailPermissions.read)
  @Header('Content-Security-Policy', SANDBOX)
  @ApiOperation({
    summary: 'Download an attachment',
    description:
      'To be saved: its content type is told only when no browser runs it. 403 `mail_hidden` for what is kept from you, without `mail:reveal`.',
  })
  @ApiProduces('*/*')
  @ApiOkResponse({ schema: BINARY })
  attachment(
    @Param('id', UuidPipe) id: string,
    @Param('attachmentId', UuidPipe) attachmentId: string,
  ): Promise<StreamableFile> {
    return this.files.attachment(id, attachmentId);
  }

  @Post('messages/:id/reparse')
  @HttpCode(202)
  @Allow(MailPermissions.manage)
  @ApiOperation({ summary: 'Read a quarantined mail again' })
  reparse(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<MailView> {
    return this.intake.reparse(id, version).then(() => this.queries.get(id));
  }
}
