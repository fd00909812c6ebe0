import { MailPermissions } from '@app/mail';
import { Allow, IfMatch, UuidPipe } from '@app/platform';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryMessageView } from '../conversation/conversation.dto.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { MessageVisibilityDto } from './message-visibility.dto.js';
import { MessageVisibilityService } from './message-visibility.service.js';

@Controller('inquiries/:id/messages/:messageId')
@ApiTags('inquiries')
export class MessageVisibilityController {
  constructor(private readonly visibility: MessageVisibilityService) {}

  @Put('visibility')
  @Allow(InquiryPermissions.restrict)
  @ApiOperation({
    summary: 'Say who may read a message',
    description: `\`participants\`: who wrote it, submitted and approved it, whoever has the inquiry, who watched it by then, and those named;
\`team\`: also the inquiry's team and whoever reaches it by teams below. Others see that there is a message, and no more. What was written
after it in the thread, and quotes it, becomes as narrow; what comes later, too. Whoever sets it goes on reading it. 403
\`out_of_reach\`, \`message_hidden\`. 422 \`reader_unknown\`.`,
  })
  set(
    @Param('id', UuidPipe) id: string,
    @Param('messageId', UuidPipe) messageId: string,
    @Body() to: MessageVisibilityDto,
    @IfMatch() version?: number,
  ): Promise<InquiryMessageView> {
    return this.visibility.set(id, messageId, to, version);
  }

  @Get('words')
  @Allow(MailPermissions.reveal)
  @ApiOperation({
    summary: 'Read a message whoever it is for',
    description: 'Of a message that is kept from you, on record as `revealed` in the audit trail.',
  })
  reveal(
    @Param('id', UuidPipe) id: string,
    @Param('messageId', UuidPipe) messageId: string,
  ): Promise<InquiryMessageView> {
    return this.visibility.reveal(id, messageId);
  }
}
