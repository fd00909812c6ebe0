import {
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { CalendarView } from './business-calendars.dto.js';

const VIEW: Readonly<Record<keyof CalendarView, string>> = {
  id: 'c.id',
  name: 'c.name',
  zone: 'c.zone',
  week: 'c.week',
  holidays: 'c.holidays',
  isDefault: 'c.is_default',
  teamIds: `(select coalesce(json_agg(t.team_id order by t.team_id), '[]') from team_calendars t
    where t.tenant_id = c.tenant_id and t.calendar_id = c.id)`,
  version: 'c.version',
  createdAt: 'c.created_at',
  updatedAt: 'c.updated_at',
};
const COLUMNS = Object.entries(VIEW).map(([name, sql]) => `${sql} as "${name}"`);

export const CalendarList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'c.id' },
    name: { type: 'text', column: 'c.name', sortable: true, example: 'Support Berlin' },
    zone: { type: 'text', column: 'c.zone', sortable: true, example: 'Europe/Berlin' },
    isDefault: { type: 'boolean', column: 'c.is_default' },
    createdAt: { type: 'instant', column: 'c.created_at', sortable: true },
    updatedAt: { type: 'instant', column: 'c.updated_at', sortable: true },
  }),
  defaultSort: 'name',
  outputs: Object.keys(VIEW),
};

@Injectable()
export class BusinessCalendarsQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<CalendarView>> {
    const from = 'business_calendars c';
    return readPage<CalendarView>(this.db, {
      select: VIEW,
      from,
      where: 'c.tenant_id = app_tenant()',
      query,
      spec: CalendarList,
    });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<CalendarView> {
    const sql = `select ${COLUMNS.join(', ')} from business_calendars c where c.tenant_id = app_tenant() and c.id = $1`;
    const found = await this.db.one<CalendarView>(sql, [id]);
    if (!found) throw new RecordNotFound('business calendar', id);
    return found;
  }
}
