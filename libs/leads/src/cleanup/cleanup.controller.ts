import { Allow, ApiList, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LeadPermissions } from '../leads/lead.policy.js';
import { LeadSettingsService } from '../settings/lead-settings.service.js';
import {
  CleanupQuery,
  CleanupReportView,
  CleanupUndoneView,
  LeadCleanupView,
  toReport,
  toUndone,
} from './cleanup.dto.js';
import { CleanupService } from './cleanup.service.js';
import { CleanupList, CleanupsQueries } from './cleanups.queries.js';

@Controller('leads')
@ApiTags('leads')
export class LeadCleanupController {
  constructor(
    private readonly cleanup: CleanupService,
    private readonly settings: LeadSettingsService,
    private readonly queries: CleanupsQueries,
  ) {}

  @Post('cleanup')
  @HttpCode(200)
  @Allow(LeadPermissions.manage)
  @ApiOperation({
    summary: 'Merge the leads that are one person',
    description: `Those that share an e-mail address, a phone number or a raw mail, among all that are new, assigned, contacted
or qualified; what was converted is never touched. Each pair is reported with its reasons. At most 100 pairs at once:
\`hasMore\` says to ask again. Of two cleanups at once the second finds nothing left. With \`dryRun=true\` the same is done and
rolled back.`,
  })
  async run(@Query() { dryRun, keep }: CleanupQuery): Promise<CleanupReportView> {
    const wanted = keep ?? (await this.settings.current()).keep;
    return toReport(await this.cleanup.run({ keep: wanted, isDryRun: dryRun === 'true' }));
  }

  @Get('cleanups')
  @Allow(LeadPermissions.manage)
  @ApiOperation({ summary: 'List the cleanups', description: '`GET /leads/merges?cleanupId=` tells what each did.' })
  @ApiList(CleanupList, LeadCleanupView)
  list(@Listed(CleanupList) query: ListQuery): Promise<Page<LeadCleanupView>> {
    return this.queries.list(query);
  }

  @Post('cleanups/:id/undo')
  @HttpCode(200)
  @Allow(LeadPermissions.manage)
  @ApiOperation({
    summary: 'Take a cleanup back',
    description: `All its merges, the last one first. What was merged on since is left and named. 409 \`cleanup_undone\`.`,
  })
  undo(@Param('id', UuidPipe) id: string): Promise<CleanupUndoneView> {
    return this.cleanup.undo(id).then(toUndone);
  }
}
