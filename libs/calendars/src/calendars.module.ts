import { Module } from '@nestjs/common';
import { BusinessCalendarsController } from './business-calendars/business-calendars.controller.js';
import { BusinessCalendarsQueries } from './business-calendars/business-calendars.queries.js';
import { BusinessCalendarsService } from './business-calendars/business-calendars.service.js';
import { CalendarsFacade } from './calendars.facade.js';
import { CalendarsWorker } from './calendars.worker.js';

@Module({
  providers: [CalendarsFacade, BusinessCalendarsService, BusinessCalendarsQueries],
  exports: [CalendarsFacade, BusinessCalendarsService, BusinessCalendarsQueries],
})
export class CalendarsModule {}

@Module({ imports: [CalendarsModule], controllers: [BusinessCalendarsController] })
export class CalendarsApiModule {}

@Module({ imports: [CalendarsModule], providers: [CalendarsWorker] })
export class CalendarsWorkerModule {}
