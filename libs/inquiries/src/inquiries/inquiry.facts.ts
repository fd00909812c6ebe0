import { CalendarsFacade } from '@app/calendars';
import { currentTenantId, Database, type Fact, FactPort, type FactSource, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import { type InquiryStatus, type Priority, referenceOf } from './inquiry.policy.js';

type Row = { number: number; status: InquiryStatus; priority: Priority; dueAt: Date | null; teamId: string | null };

const READ = `select i.number, i.status, i.priority, i.due_at as "dueAt", i.team_id as "teamId"
  from inquiries i where i.tenant_id = $1
    and i.id = coalesce((select m.merged_into from inquiries m where m.tenant_id = $1 and m.id = $2), $2)`;
const NOTHING: Fact = { value: null, text: '' };

const said = (value: string, text = value): Fact => ({ value, text });

/** What a text may quote of an inquiry; of one that was merged, what is so where it goes on. */
@Injectable()
@Provides(FactPort)
export class InquiryFacts implements FactSource {
  readonly record = 'inquiry';
  readonly facts = {
    'inquiry.number': 'As customers know it: INQ-000178.',
    'inquiry.status': 'Where it stands.',
    'inquiry.priority': 'How urgent it is.',
    'inquiry.sla.dueAt': "Its nearest deadline, on the wall clock of the team's calendar.",
  };
  readonly tells = { 'inquiry.priority': { record: 'inquiries', fields: ['priority'] } };

  constructor(
    private readonly db: Database,
    private readonly calendars: CalendarsFacade,
  ) {}

  async read(id: string, names: readonly string[], hold: boolean): Promise<Record<string, Fact>> {
    const row = await this.db.one<Row>(`${READ}${hold ? ' for share' : ''}`, [currentTenantId(), id]);
    if (!row) return {};
    return {
      'inquiry.number': said(referenceOf(row.number)),
      'inquiry.status': said(row.status),
      'inquiry.priority': said(row.priority),
      'inquiry.sla.dueAt': names.includes('inquiry.sla.dueAt') ? await this.due(row) : NOTHING,
    };
  }

  private async due({ dueAt, teamId }: Row): Promise<Fact> {
    if (!dueAt) return NOTHING;
    const { zone } = await this.calendars.hoursForTeam(teamId);
    const text = DateTime.fromJSDate(dueAt, { zone }).setLocale('en').toFormat("d LLLL yyyy, HH:mm '('z')'");
    return said(dueAt.toISOString(), text);
  }
}
