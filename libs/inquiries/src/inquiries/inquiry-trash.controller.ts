import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryView, toView, TrashedInquiryView } from './inquiries.dto.js';
import { TrashList } from './inquiries.list.js';
import { InquiriesQueries } from './inquiries.queries.js';
import { InquiryPermissions } from './inquiry.policy.js';
import { InquiryTrashService } from './inquiry-trash.service.js';

@Controller('inquiries')
@ApiTags('inquiries')
export class InquiryTrashController {
  constructor(
    private readonly trashing: InquiryTrashService,
    private readonly queries: InquiriesQueries,
  ) {}

  @Get('trash')
  @Allow(InquiryPermissions.delete)
  @ApiOperation({ summary: 'List the inquiries in the trash' })
  @ApiList(TrashList, TrashedInquiryView)
  list(@Listed(TrashList) query: ListQuery): Promise<Page<TrashedInquiryView>> {
    return this.queries.trash(query);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(InquiryPermissions.delete)
  @ApiOperation({ summary: 'Move an inquiry to the trash' })
  trash(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.trashing.trash(id, version);
  }

  @Post(':id/restore')
  @HttpCode(200)
  @Allow(InquiryPermissions.update)
  @ApiOperation({
    summary: 'Bring an inquiry back',
    description: 'From the trash, or from spam into the status that it had.',
  })
  restore(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<InquiryView> {
    return this.trashing.restore(id, version).then(toView);
  }
}
