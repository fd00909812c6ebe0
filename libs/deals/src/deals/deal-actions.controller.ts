import { Allow, ApiList, ApiPage, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { MovesService } from '../board/moves.service.js';
import { DEAL_STATES, DealPermissions } from './deal.policy.js';
import { AssignDealDto, DealView, LoseDealDto, MoveDealDto, ReopenDealDto, toView } from './deals.dto.js';
import { DealStatusService } from './deal-status.service.js';
import { DealsService } from './deals.service.js';
import { DuplicatesQueries } from './duplicates.queries.js';
import { DealMoveView } from './history.dto.js';
import { HistoryList, HistoryQueries } from './history.queries.js';

@Controller('deals/:id')
@ApiTags('deals')
export class DealActionsController {
  constructor(
    private readonly deals: DealsService,
    private readonly statuses: DealStatusService,
    private readonly moves: MovesService,
    private readonly histories: HistoryQueries,
    private readonly twins: DuplicatesQueries,
  ) {}

  @Post('stage')
  @HttpCode(200)
  @Allow(DealPermissions.update)
  @ApiOperation({
    summary: 'Move a deal on the board',
    description: `To a stage of its pipeline or of another one, on top of the column or right below a card in it; also within its column.
409 \`deal_not_open\`, \`pipeline_archived\`; 422 \`stage_demands\` names every field that is missing, \`stage_unknown\`, \`card_not_there\`.`,
  })
  moveTo(
    @Param('id', UuidPipe) id: string,
    @Body() { stageId, below }: MoveDealDto,
    @IfMatch() version?: number,
  ): Promise<DealView> {
    return this.moves.moveTo(id, stageId, below, version).then(toView);
  }

  @Post('win')
  @HttpCode(200)
  @Allow(DealPermissions.update)
  @ApiOperation({
    summary: 'Win a deal',
    description: `Of all who end a deal at once one does, the others get 409 \`invalid_transition\`.\n\n\`\`\`mermaid\n${DEAL_STATES.toMermaid()}\n\`\`\``,
  })
  win(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<DealView> {
    return this.statuses.win(id, version).then(toView);
  }

  @Post('lose')
  @HttpCode(200)
  @Allow(DealPermissions.update)
  @ApiOperation({ summary: 'Lose a deal, for a reason', description: '409 `invalid_transition`.' })
  lose(
    @Param('id', UuidPipe) id: string,
    @Body() { reason }: LoseDealDto,
    @IfMatch() version?: number,
  ): Promise<DealView> {
    return this.statuses.lose(id, reason, version).then(toView);
  }

  @Post('reopen')
  @HttpCode(200)
  @Allow(DealPermissions.reopen)
  @ApiOperation({
    summary: 'Open again what was won or lost, for a reason',
    description:
      'It goes on in the stage that it ended in; what it was worth and why it ended stays in its history. 409 `pipeline_archived`.',
  })
  reopen(
    @Param('id', UuidPipe) id: string,
    @Body() { reason }: ReopenDealDto,
    @IfMatch() version?: number,
  ): Promise<DealView> {
    return this.statuses.reopen(id, reason, version).then(toView);
  }

  @Post('assign')
  @HttpCode(200)
  @Allow(DealPermissions.assign)
  @ApiOperation({ summary: 'Give a deal to somebody', description: '422 `owner_unknown`.' })
  assign(
    @Param('id', UuidPipe) id: string,
    @Body() { ownerId }: AssignDealDto,
    @IfMatch() version?: number,
  ): Promise<DealView> {
    return this.deals.assign(id, ownerId, version).then(toView);
  }

  @Post('restore')
  @HttpCode(200)
  @Allow(DealPermissions.delete)
  @ApiOperation({ summary: 'Take a deal out of the trash', description: '409 `pipeline_archived`.' })
  restore(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<DealView> {
    return this.deals.restore(id, version).then(toView);
  }

  @Get('history')
  @Allow(DealPermissions.read)
  @ApiOperation({
    summary: 'Which way a deal went',
    description:
      'Every stage and every end, the newest first, with what it was worth then and how long it stood there.',
  })
  @ApiList(HistoryList, DealMoveView)
  history(@Param('id', UuidPipe) id: string, @Listed(HistoryList) query: ListQuery): Promise<Page<DealMoveView>> {
    return this.histories.of(id, query);
  }

  @Get('duplicates')
  @Allow(DealPermissions.read)
  @ApiOperation({
    summary: 'Open deals that may be the same',
    description:
      'Of the same customer or company, with the same name or the same amount; the newest first, twenty at most.',
  })
  @ApiPage(DealView)
  duplicates(@Param('id', UuidPipe) id: string): Promise<Page<DealView>> {
    return this.twins.of(id);
  }
}
