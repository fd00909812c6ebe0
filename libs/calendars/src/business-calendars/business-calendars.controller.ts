import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CalendarsFacade } from '../calendars.facade.js';
import { CalendarDto, CalendarTeamsDto, CalendarView, PreviewDto, PreviewView } from './business-calendars.dto.js';
import { BusinessCalendarsQueries, CalendarList } from './business-calendars.queries.js';
import { BusinessCalendarsService } from './business-calendars.service.js';
import { CalendarPermissions } from './calendar.policy.js';

@Controller('business-calendars')
@ApiTags('calendars')
export class BusinessCalendarsController {
  constructor(
    private readonly calendars: BusinessCalendarsService,
    private readonly queries: BusinessCalendarsQueries,
    private readonly hours: CalendarsFacade,
  ) {}

  @Get()
  @Allow(CalendarPermissions.read)
  @ApiOperation({ summary: 'List business calendars' })
  @ApiList(CalendarList, CalendarView)
  list(@Listed(CalendarList) query: ListQuery): Promise<Page<CalendarView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(CalendarPermissions.read)
  @ApiOperation({ summary: 'Read a business calendar' })
  read(@Param('id', UuidPipe) id: string): Promise<CalendarView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(CalendarPermissions.manage)
  @ApiOperation({ summary: 'Write down business hours and holidays' })
  create(@Body() document: CalendarDto): Promise<CalendarView> {
    return this.calendars.create(document).then(({ id }) => this.queries.view(id));
  }

  @Put(':id')
  @Allow(CalendarPermissions.manage)
  @ApiOperation({ summary: 'Replace the name, hours and holidays of a calendar' })
  revise(
    @Param('id', UuidPipe) id: string,
    @Body() document: CalendarDto,
    @IfMatch() version?: number,
  ): Promise<CalendarView> {
    return this.calendars.revise(id, document, version).then(() => this.queries.view(id));
  }

  @Put(':id/teams')
  @Allow(CalendarPermissions.manage)
  @ApiOperation({ summary: 'Say which teams work by a calendar' })
  assignTeams(
    @Param('id', UuidPipe) id: string,
    @Body() { teamIds }: CalendarTeamsDto,
    @IfMatch() version?: number,
  ): Promise<CalendarView> {
    return this.calendars.assignTeams(id, teamIds, version).then(() => this.queries.view(id));
  }

  @Post(':id/default')
  @HttpCode(200)
  @Allow(CalendarPermissions.manage)
  @ApiOperation({ summary: 'Let a calendar count wherever no other is named' })
  makeDefault(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<CalendarView> {
    return this.calendars.makeDefault(id, version).then(() => this.queries.view(id));
  }

  @Post(':id/preview')
  @HttpCode(200)
  @Allow(CalendarPermissions.read)
  @ApiOperation({ summary: 'Try out which deadline business time comes to' })
  preview(@Param('id', UuidPipe) id: string, @Body() { from, seconds }: PreviewDto): Promise<PreviewView> {
    return this.hours.preview(id, from, seconds);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(CalendarPermissions.manage)
  @ApiOperation({ summary: 'Delete a calendar that nothing runs by' })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.calendars.remove(id, version);
  }
}
