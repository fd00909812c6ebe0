import { Allow, ApiList, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { MailboxPermissions } from '../mailboxes/mailbox.policy.js';
import { IgnoredSenderView, IgnoreSenderDto, toView } from './ignored-senders.dto.js';
import { IgnoredSenderList, IgnoredSendersQueries } from './ignored-senders.queries.js';
import { IgnoredSenders } from './ignored-senders.service.js';

@ApiTags('mail')
@Controller('mail/ignored-senders')
export class IgnoredSendersController {
  constructor(
    private readonly senders: IgnoredSenders,
    private readonly queries: IgnoredSendersQueries,
  ) {}

  @Get()
  @Allow(MailboxPermissions.read)
  @ApiOperation({ summary: 'List whose mails begin nothing' })
  @ApiList(IgnoredSenderList, IgnoredSenderView)
  list(@Listed(IgnoredSenderList) query: ListQuery): Promise<Page<IgnoredSenderView>> {
    return this.queries.list(query);
  }

  @Post()
  @Allow(MailboxPermissions.manage)
  @ApiOperation({
    summary: 'Ignore a sender',
    description: `From the next mail on: what they send opens neither inquiry nor lead, and stands quietly where it answers
one. It is kept, and seen among the mails. 400 \`pattern_invalid\`; 409 \`pattern_taken\`.`,
  })
  ignore(@Body() { pattern, note }: IgnoreSenderDto): Promise<IgnoredSenderView> {
    return this.senders.ignore({ pattern, note: note ?? null }).then(toView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(MailboxPermissions.manage)
  @ApiOperation({ summary: 'Heed a sender again' })
  heed(@Param('id', UuidPipe) id: string): Promise<void> {
    return this.senders.heed(id);
  }
}
