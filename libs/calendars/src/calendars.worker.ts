import { TeamDeleted, TenantCreated } from '@app/auth/events';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { BusinessCalendarsService } from './business-calendars/business-calendars.service.js';

@Injectable()
export class CalendarsWorker {
  constructor(private readonly calendars: BusinessCalendarsService) {}

  @On(TenantCreated)
  provideDefault({ zone = 'UTC' }: { tenantId: string; zone?: string }): Promise<void> {
    return this.calendars.provideDefault(zone);
  }

  @On(TeamDeleted)
  forgetTeam({ teamId }: { teamId: string }): Promise<void> {
    return this.calendars.forgetTeam(teamId);
  }
}
