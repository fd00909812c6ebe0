import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ViewPermissions } from './view.policy.js';
import { ChangeViewDto, ListedViewView, SavedViewView, SaveViewDto } from './views.dto.js';
import { ViewList, ViewsQueries } from './views.queries.js';
import { ViewsService } from './views.service.js';

const REFUSALS = `400 \`invalid_view\` names each field that the list does not have for you; 403 \`view_not_yours\`; 422
\`view_team_unknown\`.`;

@Controller('views')
@ApiTags('records')
export class ViewsController {
  constructor(
    private readonly views: ViewsService,
    private readonly queries: ViewsQueries,
  ) {}

  @Get()
  @Allow(ViewPermissions.use)
  @ApiOperation({
    summary: 'List the views of lists that you may use',
    description:
      'Yours, those of your teams and those of everybody; pinned ones first. `resource=customers`: of one list.',
  })
  @ApiList(ViewList, ListedViewView)
  list(@Listed(ViewList) query: ListQuery): Promise<Page<ListedViewView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(ViewPermissions.use)
  @ApiOperation({
    summary: 'Read a view',
    description:
      '`problems` tells what keeps you from using it. Used as `GET /<resource>?view=<id>`, under your own rights.',
  })
  view(@Param('id', UuidPipe) id: string): Promise<SavedViewView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(ViewPermissions.use)
  @ApiOperation({
    summary: 'Save a view of a list',
    description: `For yourself unless \`audience\` says otherwise, which takes \`views:share\`. ${REFUSALS}
\`viewed_list_unknown\`, \`too_many_views\`.`,
  })
  save(@Body() view: SaveViewDto): Promise<SavedViewView> {
    return this.views.save(view).then(({ id }) => this.queries.view(id));
  }

  @Patch(':id')
  @Allow(ViewPermissions.use)
  @ApiOperation({ summary: 'Change a view', description: REFUSALS })
  change(
    @Param('id', UuidPipe) id: string,
    @Body() to: ChangeViewDto,
    @IfMatch() version?: number,
  ): Promise<SavedViewView> {
    return this.views.change(id, to, version).then(() => this.queries.view(id));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(ViewPermissions.use)
  @ApiOperation({ summary: 'Remove a view', description: 'Nobody begins with it any more. 403 `view_not_yours`.' })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.views.remove(id, version);
  }

  @Put(':id/default')
  @HttpCode(204)
  @Allow(ViewPermissions.use)
  @ApiOperation({
    summary: 'Begin with this view',
    description: 'One for each list: it takes the place of another one.',
  })
  prefer(@Param('id', UuidPipe) id: string): Promise<void> {
    return this.views.prefer(id);
  }

  @Delete(':id/default')
  @HttpCode(204)
  @Allow(ViewPermissions.use)
  @ApiOperation({ summary: 'Begin with this view no longer' })
  preferNone(@Param('id', UuidPipe) id: string): Promise<void> {
    return this.views.preferNone(id);
  }
}
