import { Allow, ApiList, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryMessageView, NoteDto } from './conversation.dto.js';
import { ConversationQueries, MessageList } from './conversation.queries.js';
import { ConversationService } from './conversation.service.js';

@Controller('inquiries/:id')
@ApiTags('inquiries')
export class ConversationController {
  constructor(
    private readonly conversation: ConversationService,
    private readonly queries: ConversationQueries,
  ) {}

  @Get('messages')
  @Allow(InquiryPermissions.read)
  @ApiOperation({
    summary: 'Read what was written in an inquiry, oldest first',
    description:
      'With what was written in the inquiries that were merged into it; `inquiryId` tells where. Of a message that is for ' +
      'others (`hidden`) only that it was written.',
  })
  @ApiList(MessageList, InquiryMessageView)
  list(@Param('id', UuidPipe) id: string, @Listed(MessageList) query: ListQuery): Promise<Page<InquiryMessageView>> {
    return this.queries.list(id, query);
  }

  @Post('notes')
  @Allow(InquiryPermissions.update)
  @ApiOperation({ summary: 'Leave a note that the customer never sees' })
  note(@Param('id', UuidPipe) id: string, @Body() { body }: NoteDto): Promise<InquiryMessageView> {
    return this.conversation.note(id, body).then((note) => this.queries.one(id, note.id));
  }

  @Get('messages/:messageId')
  @Allow(InquiryPermissions.read)
  @ApiOperation({ summary: 'Read a message of an inquiry' })
  view(
    @Param('id', UuidPipe) id: string,
    @Param('messageId', UuidPipe) messageId: string,
  ): Promise<InquiryMessageView> {
    return this.queries.one(id, messageId);
  }
}
