import { Allow, IfMatch, UuidPipe } from '@app/platform';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryView, toView } from '../inquiries/inquiries.dto.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { MergeInquiryDto } from './merging.dto.js';
import { MergingService } from './merging.service.js';

@Controller('inquiries/:id')
@ApiTags('inquiries')
export class MergingController {
  constructor(private readonly merging: MergingService) {}

  @Post('merge')
  @HttpCode(200)
  @Allow(InquiryPermissions.update)
  @ApiOperation({
    summary: 'Merge an inquiry into another one',
    description: `What was written in it is read in the other one, and what still comes to it lands there. It is read-only from
then on and promises nothing more. Both must be within reach of whoever merges. 409: \`inquiry_merged\` names where one of both
went already, \`others_merged_into_it\` that others went into this one, \`inquiry_not_mergeable\` that one is closed or spam.
422 \`merged_with_itself\`. 403 \`message_hidden\` where something in it is kept from whoever merges.`,
  })
  merge(
    @Param('id', UuidPipe) id: string,
    @Body() { into }: MergeInquiryDto,
    @IfMatch() version?: number,
  ): Promise<InquiryView> {
    return this.merging.merge(id, into, version).then(toView);
  }

  @Post('unmerge')
  @HttpCode(200)
  @Allow(InquiryPermissions.update)
  @ApiOperation({
    summary: 'Take a merge back, within 24 hours',
    description: `The inquiry stands by itself again, in the status it had, its clocks where they stood. What came after the merge
stays with the other one. 409: \`merge_is_final\` after 24 hours, \`inquiry_not_merged\`.`,
  })
  unmerge(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<InquiryView> {
    return this.merging.unmerge(id, version).then(toView);
  }
}
