import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { MessagePermissions } from './message.policy.js';
import { MessageSummary, MessageView, ResolveMessageDto } from './messages.dto.js';
import { MessageList, MessagesQueries } from './messages.queries.js';
import { MessagesService } from './messages.service.js';

@Controller('messages')
@ApiTags('messaging')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly queries: MessagesQueries,
  ) {}

  @Get()
  @Allow(MessagePermissions.read)
  @ApiOperation({ summary: 'List outgoing messages' })
  @ApiList(MessageList, MessageSummary)
  list(@Listed(MessageList) query: ListQuery): Promise<Page<MessageSummary>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(MessagePermissions.read)
  @ApiOperation({ summary: 'Read a message and what became of it' })
  read(@Param('id', UuidPipe) id: string): Promise<MessageView> {
    return this.queries.get(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Allow(MessagePermissions.retry)
  @ApiOperation({ summary: 'Cancel a message that is still queued' })
  cancel(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<MessageView> {
    return this.messages.cancel(id, version).then(() => this.queries.get(id));
  }

  @Post(':id/retry')
  @HttpCode(200)
  @Allow(MessagePermissions.retry)
  @ApiOperation({
    summary: 'Send a message again',
    description: 'One that failed, was suppressed or has an unknown fate, under the same Message-ID.',
  })
  retry(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<MessageView> {
    return this.messages.retry(id, version).then(() => this.queries.get(id));
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @Allow(MessagePermissions.retry)
  @ApiOperation({ summary: 'Say what became of a message whose end is unknown' })
  resolve(
    @Param('id', UuidPipe) id: string,
    @Body() { outcome }: ResolveMessageDto,
    @IfMatch() version?: number,
  ): Promise<MessageView> {
    return this.messages.resolve(id, outcome, version).then(() => this.queries.get(id));
  }
}
