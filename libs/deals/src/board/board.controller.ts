import { Allow } from '@app/platform';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DealPermissions } from '../deals/deal.policy.js';
import { BoardQuery, BoardView } from './board.dto.js';
import { BoardQueries } from './board.queries.js';

@Controller('deals/board')
@ApiTags('deals')
export class BoardController {
  constructor(private readonly queries: BoardQueries) {}

  @Get()
  @Allow(DealPermissions.read)
  @ApiOperation({
    summary: 'The board: open deals in the columns of a pipeline',
    description: 'What the caller may see of it. 422 `pipeline_unknown`.',
  })
  show(@Query() query: BoardQuery): Promise<BoardView> {
    return this.queries.show(query);
  }
}
