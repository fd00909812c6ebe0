import { Allow, IfMatch, UuidPipe } from '@app/platform';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LEAD_STATES, LeadPermissions } from './lead.policy.js';
import { LeadStatusService } from './lead-status.service.js';
import { AssignLeadDto, DisqualifyLeadDto } from './lead-bodies.dto.js';
import { LeadView, toView } from './leads.dto.js';
import { LeadsService } from './leads.service.js';

@Controller('leads/:id')
@ApiTags('leads')
export class LeadActionsController {
  constructor(
    private readonly leads: LeadsService,
    private readonly statuses: LeadStatusService,
  ) {}

  @Post('assign')
  @HttpCode(200)
  @Allow(LeadPermissions.assign)
  @ApiOperation({
    summary: 'Give a lead to somebody',
    description: `A new one becomes assigned, any other keeps its status. 409 \`lead_not_live\`; 422 \`owner_unknown\`.

\`\`\`mermaid\n${LEAD_STATES.toMermaid()}\n\`\`\``,
  })
  assign(
    @Param('id', UuidPipe) id: string,
    @Body() { ownerId }: AssignLeadDto,
    @IfMatch() version?: number,
  ): Promise<LeadView> {
    return this.leads.assign(id, ownerId, version).then(toView);
  }

  @Post('contact')
  @HttpCode(200)
  @Allow(LeadPermissions.update)
  @ApiOperation({ summary: 'Say that its person was spoken with', description: '409 `invalid_transition`.' })
  contact(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<LeadView> {
    return this.statuses.contact(id, version).then(toView);
  }

  @Post('qualify')
  @HttpCode(200)
  @Allow(LeadPermissions.update)
  @ApiOperation({ summary: 'Say that it is worth selling to', description: '409 `invalid_transition`.' })
  qualify(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<LeadView> {
    return this.statuses.qualify(id, version).then(toView);
  }

  @Post('disqualify')
  @HttpCode(200)
  @Allow(LeadPermissions.update)
  @ApiOperation({ summary: 'Drop a lead, for a reason', description: '409 `invalid_transition`.' })
  disqualify(
    @Param('id', UuidPipe) id: string,
    @Body() { reason }: DisqualifyLeadDto,
    @IfMatch() version?: number,
  ): Promise<LeadView> {
    return this.statuses.disqualify(id, reason, version).then(toView);
  }

  @Post('reopen')
  @HttpCode(200)
  @Allow(LeadPermissions.update)
  @ApiOperation({
    summary: 'Take up again what was dropped',
    description: `It is new again. Whoever had it has it still, and goes on after an \`assign\`. 409 \`invalid_transition\`.`,
  })
  reopen(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<LeadView> {
    return this.statuses.reopen(id, version).then(toView);
  }

  @Post('restore')
  @HttpCode(200)
  @Allow(LeadPermissions.delete)
  @ApiOperation({ summary: 'Take a lead out of the trash' })
  restore(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<LeadView> {
    return this.leads.restore(id, version).then(toView);
  }
}
