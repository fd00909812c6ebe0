import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { TagPermissions } from './tag.policy.js';
import { RecordTagView, TagDto, TagView, toTagView } from './tags.dto.js';
import { RecordTagList, TagList, TagsQueries } from './tags.queries.js';
import { TagsService } from './tags.service.js';

@Controller('tags')
@ApiTags('records')
export class TagsController {
  constructor(
    private readonly tags: TagsService,
    private readonly queries: TagsQueries,
  ) {}

  @Get()
  @Allow(TagPermissions.read)
  @ApiOperation({ summary: 'List the tags that the company uses' })
  @ApiList(TagList, TagView)
  list(@Listed(TagList) query: ListQuery): Promise<Page<TagView>> {
    return this.queries.list(query);
  }

  @Get('records')
  @Allow(TagPermissions.read)
  @ApiOperation({
    summary: 'List which tags stand on which records',
    description: 'Of records that you may read. For all records of a page at once: `recordId=…,…`.',
  })
  @ApiList(RecordTagList, RecordTagView)
  onRecords(@Listed(RecordTagList) query: ListQuery): Promise<Page<RecordTagView>> {
    return this.queries.onRecords(query);
  }

  @Get(':id')
  @Allow(TagPermissions.read)
  @ApiOperation({ summary: 'Read a tag' })
  view(@Param('id', UuidPipe) id: string): Promise<TagView> {
    return this.queries.view(id).then(toTagView);
  }

  @Post()
  @Allow(TagPermissions.manage)
  @ApiOperation({ summary: 'Make a tag', description: '409 `tag_name_taken`.' })
  create(@Body() { name }: TagDto): Promise<TagView> {
    return this.tags.create(name).then(toTagView);
  }

  @Patch(':id')
  @Allow(TagPermissions.manage)
  @ApiOperation({ summary: 'Rename a tag wherever it stands', description: '409 `tag_name_taken`.' })
  rename(@Param('id', UuidPipe) id: string, @Body() { name }: TagDto, @IfMatch() version?: number): Promise<TagView> {
    return this.tags.rename(id, name, version).then(toTagView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(TagPermissions.manage)
  @ApiOperation({ summary: 'Remove a tag, and take it off all records' })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.tags.remove(id, version);
  }

  @Put(':id/records/:recordKind/:recordId')
  @HttpCode(204)
  @Allow(TagPermissions.apply)
  @ApiOperation({
    summary: 'Tag a record',
    description: `Lists of the record’s own kind are filtered by it: \`GET /customers?tag=…\`. 404 as for the record itself;
403 \`record_out_of_reach\` where you may read it but not change it; 422 \`record_kind_unknown\`.`,
  })
  apply(
    @Param('id', UuidPipe) id: string,
    @Param('recordKind') recordKind: string,
    @Param('recordId', UuidPipe) recordId: string,
  ): Promise<void> {
    return this.tags.apply(id, { recordKind, recordId });
  }

  @Delete(':id/records/:recordKind/:recordId')
  @HttpCode(204)
  @Allow(TagPermissions.apply)
  @ApiOperation({ summary: 'Take a tag off a record' })
  takeOff(
    @Param('id', UuidPipe) id: string,
    @Param('recordKind') recordKind: string,
    @Param('recordId', UuidPipe) recordId: string,
  ): Promise<void> {
    return this.tags.takeOff(id, { recordKind, recordId });
  }
}
