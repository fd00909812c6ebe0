import { Allow, IfMatch, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { MailboxPermissions } from '../mailboxes/mailbox.policy.js';
import { CompletenessQuery, CompletenessView, ImapDto, ImapView, PollView, toImapSettings } from './imap.dto.js';
import { ImapQueries } from './imap.queries.js';
import { ImapSources } from './imap-sources.service.js';

@ApiTags('mail')
@Controller('mailboxes')
export class ImapController {
  constructor(
    private readonly sources: ImapSources,
    private readonly queries: ImapQueries,
  ) {}

  @Get(':id/imap')
  @Allow(MailboxPermissions.read)
  @ApiOperation({
    summary: 'Read from which server a mailbox is polled',
    description: '`imap_not_configured` for a mailbox that is not polled. The password is never shown.',
  })
  read(@Param('id', UuidPipe) id: string): Promise<ImapView> {
    return this.queries.get(id);
  }

  @Put(':id/imap')
  @Allow(MailboxPermissions.manage)
  @ApiOperation({
    summary: 'Have a mailbox polled over IMAP',
    description:
      'Polled at once and then at its interval. What is on the server comes in by the same way as `POST /mail/raw`, each mail once. ' +
      'Another server, user or folder is read from its beginning.',
  })
  configure(@Param('id', UuidPipe) id: string, @Body() body: ImapDto, @IfMatch() version?: number): Promise<ImapView> {
    return this.sources.configure(id, toImapSettings(body), body.password, version).then(() => this.queries.get(id));
  }

  @Delete(':id/imap')
  @HttpCode(204)
  @Allow(MailboxPermissions.manage)
  @ApiOperation({ summary: 'Poll a mailbox no more', description: 'What was read stays.' })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.sources.remove(id, version);
  }

  @Post(':id/sync')
  @HttpCode(202)
  @Allow(MailboxPermissions.manage)
  @ApiOperation({
    summary: 'Poll a mailbox now',
    description: 'Compares all ids of the server with ours, and asks again for what is missing.',
  })
  pollNow(@Param('id', UuidPipe) id: string): Promise<PollView> {
    return this.sources.pollNow(id).then(() => this.queries.poll(id));
  }

  @Get(':id/completeness')
  @Allow(MailboxPermissions.read)
  @ApiOperation({
    summary: 'Prove that no mail was lost',
    description:
      'Every id that the server listed, against what became of it here. `unknown` where that is not proven: the last poll failed, ' +
      'the last comparison is old, or the server claims another number of mails than it lists.',
  })
  completeness(@Param('id', UuidPipe) id: string, @Query() window: CompletenessQuery): Promise<CompletenessView> {
    return this.queries.completeness(id, window);
  }
}
