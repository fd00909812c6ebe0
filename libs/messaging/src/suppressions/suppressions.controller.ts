import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SuppressionPermissions } from './suppression.policy.js';
import { AddSuppressionDto, SuppressionView, toView } from './suppressions.dto.js';
import { SuppressionList, SuppressionsQueries } from './suppressions.queries.js';
import { SuppressionsService } from './suppressions.service.js';

@Controller('suppressions')
@ApiTags('messaging')
export class SuppressionsController {
  constructor(
    private readonly suppressions: SuppressionsService,
    private readonly queries: SuppressionsQueries,
  ) {}

  @Get()
  @Allow(SuppressionPermissions.read)
  @ApiOperation({ summary: 'List addresses that get no mail' })
  @ApiList(SuppressionList, SuppressionView)
  list(@Listed(SuppressionList) query: ListQuery): Promise<Page<SuppressionView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(SuppressionPermissions.read)
  @ApiOperation({ summary: 'Read a suppression' })
  read(@Param('id', UuidPipe) id: string): Promise<SuppressionView> {
    return this.queries.get(id);
  }

  @Post()
  @Allow(SuppressionPermissions.manage)
  @ApiOperation({ summary: 'Put an address on the suppression list' })
  add(@Body() suppression: AddSuppressionDto): Promise<SuppressionView> {
    return this.suppressions.add(suppression).then(toView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(SuppressionPermissions.manage)
  @ApiOperation({ summary: 'Take an address off the suppression list' })
  lift(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.suppressions.lift(id, version);
  }
}
