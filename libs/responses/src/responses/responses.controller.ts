import { Allow, ApiList, ApiPage, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ResponsePermissions } from './response.policy.js';
import {
  ApprovalRoundView,
  CreateResponseDto,
  EditResponseDto,
  QuotedFactView,
  ResponseView,
  RevisionView,
  SeenDto,
  StepView,
  toView,
} from './responses.dto.js';
import { QuotedFactList, ResponseList, ResponsesQueries, RevisionList, StepList } from './responses.queries.js';
import { ResponsesService } from './responses.service.js';

@Controller('responses')
@ApiTags('responses')
export class ResponsesController {
  constructor(
    private readonly responses: ResponsesService,
    private readonly queries: ResponsesQueries,
  ) {}

  @Get()
  @Allow(ResponsePermissions.read)
  @ApiOperation({ summary: 'List responses' })
  @ApiList(ResponseList, ResponseView)
  list(@Listed(ResponseList) query: ListQuery): Promise<Page<ResponseView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(ResponsePermissions.read)
  @ApiOperation({ summary: 'Read a response' })
  read(@Param('id', UuidPipe) id: string): Promise<ResponseView> {
    return this.queries.get(id);
  }

  @Get(':id/revisions')
  @Allow(ResponsePermissions.read)
  @ApiOperation({ summary: 'Read every text a response ever had' })
  @ApiList(RevisionList, RevisionView)
  revisions(@Param('id', UuidPipe) id: string, @Listed(RevisionList) query: ListQuery): Promise<Page<RevisionView>> {
    return this.queries.revisions(id, query);
  }

  @Get(':id/approvals')
  @Allow(ResponsePermissions.read)
  @ApiOperation({ summary: 'Read every round of approval, with its notes' })
  @ApiPage(ApprovalRoundView)
  approvals(@Param('id', UuidPipe) id: string): Promise<Page<ApprovalRoundView>> {
    return this.queries.approvalsOf(id);
  }

  @Get(':id/facts')
  @Allow(ResponsePermissions.read)
  @ApiOperation({ summary: 'Read the facts that the texts of a response quote' })
  @ApiList(QuotedFactList, QuotedFactView)
  facts(@Param('id', UuidPipe) id: string, @Listed(QuotedFactList) query: ListQuery): Promise<Page<QuotedFactView>> {
    return this.queries.facts(id, query);
  }

  @Get(':id/history')
  @Allow(ResponsePermissions.read)
  @ApiOperation({ summary: 'Read who did what to a response' })
  @ApiList(StepList, StepView)
  history(@Param('id', UuidPipe) id: string, @Listed(StepList) query: ListQuery): Promise<Page<StepView>> {
    return this.queries.steps(id, query);
  }

  @Post()
  @Allow(ResponsePermissions.create)
  @ApiOperation({
    summary: 'Draft a response to an inquiry',
    description: '403 `message_hidden` for whoever does not read all that was written in it.',
  })
  create(@Body() body: CreateResponseDto): Promise<ResponseView> {
    return this.responses.draft(body).then(toView);
  }

  @Put(':id')
  @Allow(ResponsePermissions.update)
  @ApiOperation({ summary: 'Rewrite a response: a new revision, and an approval is void' })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() body: EditResponseDto,
    @IfMatch() version?: number,
  ): Promise<ResponseView> {
    return this.responses.edit(id, body.message, { version }).then(toView);
  }

  @Patch(':id')
  @Allow(ResponsePermissions.update)
  @ApiOperation({ summary: 'Edit a response: a new revision, and an approval is void' })
  edit(
    @Param('id', UuidPipe) id: string,
    @Body() body: EditResponseDto,
    @IfMatch() version?: number,
  ): Promise<ResponseView> {
    return this.responses.edit(id, body.message, { version }).then(toView);
  }

  @Post(':id/submit')
  @HttpCode(200)
  @Allow(ResponsePermissions.submit)
  @ApiOperation({
    summary: 'Submit a draft for approval',
    description:
      'Where a rule of the approval policy asks for nobody it is `approved` at once, and `waivedByRule` names the rule.',
  })
  submit(@Param('id', UuidPipe) id: string, @Body() body: SeenDto, @IfMatch() version?: number): Promise<ResponseView> {
    return this.responses.submit(id, { ...body, version }).then(toView);
  }

  @Post(':id/recall')
  @HttpCode(200)
  @Allow(ResponsePermissions.submit)
  @ApiOperation({ summary: 'Take a response back before anybody decides on it' })
  recall(@Param('id', UuidPipe) id: string, @Body() body: SeenDto, @IfMatch() version?: number): Promise<ResponseView> {
    return this.responses.recall(id, { ...body, version }).then(toView);
  }

  @Post(':id/discard')
  @HttpCode(200)
  @Allow(ResponsePermissions.discard)
  @ApiOperation({ summary: 'Discard a response that will not be sent' })
  discard(
    @Param('id', UuidPipe) id: string,
    @Body() body: SeenDto,
    @IfMatch() version?: number,
  ): Promise<ResponseView> {
    return this.responses.discard(id, { ...body, version }).then(toView);
  }
}
