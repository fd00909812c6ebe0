import { Allow, ApiList, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryLinkView, LinkInquiryDto, toLinkView } from './links.dto.js';
import { LinkList, LinksQueries } from './links.queries.js';
import { LinksService } from './links.service.js';

@Controller('inquiries/:id/links')
@ApiTags('inquiries')
export class LinksController {
  constructor(
    private readonly links: LinksService,
    private readonly queries: LinksQueries,
  ) {}

  @Get()
  @Allow(InquiryPermissions.read)
  @ApiOperation({
    summary: 'List what an inquiry is linked with',
    description: 'From both sides, with follow-ups and splits among it.',
  })
  @ApiList(LinkList, InquiryLinkView)
  list(@Param('id', UuidPipe) id: string, @Listed(LinkList) query: ListQuery): Promise<Page<InquiryLinkView>> {
    return this.queries.list(id, query);
  }

  @Post()
  @Allow(InquiryPermissions.update)
  @ApiOperation({
    summary: 'Link an inquiry with another one, or with a customer',
    description: `Once per pair and kind, from whichever side. The other must be readable. 409: \`already_linked\`, \`inquiry_merged\`.
422 \`linked_to_itself\`.`,
  })
  link(
    @Param('id', UuidPipe) inquiryId: string,
    @Body() { kind, targetType, targetId }: LinkInquiryDto,
  ): Promise<InquiryLinkView> {
    return this.links.link({ inquiryId, kind, targetType, targetId: targetId.toLowerCase() }).then(toLinkView);
  }

  @Delete(':linkId')
  @HttpCode(204)
  @Allow(InquiryPermissions.update)
  @ApiOperation({
    summary: 'Take a link back',
    description: 'From either side. Follow-ups and splits are no links that were made, and stay.',
  })
  unlink(@Param('id', UuidPipe) id: string, @Param('linkId', UuidPipe) linkId: string): Promise<void> {
    return this.links.unlink(id, linkId);
  }
}
