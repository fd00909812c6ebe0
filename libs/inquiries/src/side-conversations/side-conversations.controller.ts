import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import {
  SideConversationView,
  SideMessageDto,
  SideMessageView,
  StartSideConversationDto,
} from './side-conversations.dto.js';
import { SideConversationList, SideConversationsQueries, SideMessageList } from './side-conversations.queries.js';
import { SideConversationsService } from './side-conversations.service.js';

@Controller('inquiries/:id/side-conversations')
@ApiTags('inquiries')
export class InquirySideConversationsController {
  constructor(
    private readonly conversations: SideConversationsService,
    private readonly queries: SideConversationsQueries,
  ) {}

  @Get()
  @Allow(InquiryPermissions.read)
  @ApiOperation({
    summary: 'List the side conversations of an inquiry',
    description:
      'With those of the inquiries that were merged into it; `inquiryId` tells where they began. Of one that is for others ' +
      '(`hidden`) only that there is one.',
  })
  @ApiList(SideConversationList, SideConversationView)
  list(
    @Param('id', UuidPipe) id: string,
    @Listed(SideConversationList) query: ListQuery,
  ): Promise<Page<SideConversationView>> {
    return this.queries.list(id, query);
  }

  @Post()
  @Allow(InquiryPermissions.side)
  @ApiOperation({
    summary: 'Write to others about an inquiry',
    description: `By mail, from the mailbox of its team. The customer sees nothing of it, and answers change neither the status nor
the promises of the inquiry. 403 \`message_hidden\`. 409 \`inquiry_merged\`. 422: \`recipient_is_customer\` (write a response),
\`recipient_is_mailbox\`.`,
  })
  start(
    @Param('id', UuidPipe) inquiryId: string,
    @Body() { subject, recipients, body }: StartSideConversationDto,
  ): Promise<SideConversationView> {
    return this.conversations.start({ inquiryId, subject, recipients, body }).then(({ id }) => this.queries.get(id));
  }
}

@Controller('side-conversations')
@ApiTags('inquiries')
export class SideConversationsController {
  constructor(
    private readonly conversations: SideConversationsService,
    private readonly queries: SideConversationsQueries,
  ) {}

  @Get(':id')
  @Allow(InquiryPermissions.read)
  @ApiOperation({ summary: 'Read a side conversation' })
  view(@Param('id', UuidPipe) id: string): Promise<SideConversationView> {
    return this.queries.get(id);
  }

  @Get(':id/messages')
  @Allow(InquiryPermissions.read)
  @ApiOperation({
    summary: 'Read what was written in it, oldest first',
    description: '`delivery` tells what became of each mail of ours.',
  })
  @ApiList(SideMessageList, SideMessageView)
  messages(
    @Param('id', UuidPipe) id: string,
    @Listed(SideMessageList) query: ListQuery,
  ): Promise<Page<SideMessageView>> {
    return this.queries.messages(id, query);
  }

  @Post(':id/messages')
  @Allow(InquiryPermissions.side)
  @ApiOperation({
    summary: 'Write again in a side conversation',
    description: `To the same recipients, in the same thread. 403 \`message_hidden\`. 409 \`side_conversation_closed\`. 422:
\`recipient_is_customer\` where one of them has become the customer's, \`recipient_is_mailbox\`.`,
  })
  write(@Param('id', UuidPipe) id: string, @Body() { body }: SideMessageDto): Promise<SideMessageView> {
    return this.conversations.write(id, body).then((message) => this.queries.message(id, message.id));
  }

  @Post(':id/close')
  @HttpCode(200)
  @Allow(InquiryPermissions.side)
  @ApiOperation({
    summary: 'Close a side conversation',
    description: 'An answer opens it again. 409 `invalid_transition` where it is closed already.',
  })
  close(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<SideConversationView> {
    return this.conversations.close(id, version).then(() => this.queries.get(id));
  }

  @Post(':id/reopen')
  @HttpCode(200)
  @Allow(InquiryPermissions.side)
  @ApiOperation({
    summary: 'Reopen a side conversation',
    description: '409 `invalid_transition` where it is open already.',
  })
  reopen(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<SideConversationView> {
    return this.conversations.reopen(id, version).then(() => this.queries.get(id));
  }
}
