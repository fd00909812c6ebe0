import { Allow, UuidPipe } from '@app/platform';
import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { InquiryView, toView } from '../inquiries/inquiries.dto.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { SplitInquiryDto } from './splitting.dto.js';
import { SplittingService } from './splitting.service.js';

@Controller('inquiries/:id/messages/:messageId')
@ApiTags('inquiries')
export class SplittingController {
  constructor(private readonly splitting: SplittingService) {}

  @Post('split')
  @Allow(InquiryPermissions.update)
  @ApiCreatedResponse({ type: InquiryView, headers: { Location: { $ref: '#/components/headers/Location' } } })
  @ApiOperation({
    summary: 'Make a message an inquiry of its own',
    description: `For a message of the customer that speaks of another matter. It stays where it was; the new inquiry begins with
the same words and files, and names the old one in \`splitFrom\`. 409: \`message_already_split\`, \`inquiry_merged\`. 422
\`not_of_the_customer\` for answers, notes and what a machine wrote. 403 \`message_hidden\`.`,
  })
  async split(
    @Param('id', UuidPipe) id: string,
    @Param('messageId', UuidPipe) messageId: string,
    @Body() { subject }: SplitInquiryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InquiryView> {
    const made = toView(await this.splitting.split(id, messageId, subject));
    void reply.header('Location', `/api/v1/inquiries/${made.id}`);
    return made;
  }
}
