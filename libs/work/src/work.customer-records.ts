import {
  currentTenantId,
  type CustomerRecords,
  CustomerRecordsPort,
  Database,
  type NamedIn,
  Provides,
  renameCustomer,
  type Renaming,
} from '@app/platform';
import { Injectable } from '@nestjs/common';

const COLUMNS = { 'projects.customer_id': { isVersioned: true }, 'worklogs.customer_id': { isVersioned: true } };
const LINKED = 'task_links.record_id';

/** Projects of two customers who are one, what is to be done about them, and the time that was spent for them. */
@Injectable()
@Provides(CustomerRecordsPort)
export class WorkOfCustomers implements CustomerRecords {
  readonly columns = [...Object.keys(COLUMNS), LINKED];

  constructor(private readonly db: Database) {}

  async rename(renaming: Renaming): Promise<NamedIn> {
    return { ...(await renameCustomer(this.db, COLUMNS, renaming)), [LINKED]: await this.renameLinks(renaming) };
  }

  /** A task that is about both stays about both. */
  private async renameLinks({ from, to, only }: Renaming): Promise<string[]> {
    const tasks = await this.db.query<{ id: string }>(
      `update tasks t set version = t.version + 1, updated_at = now(), links = (
         select jsonb_agg(case when l->>'id' = $2::text then jsonb_set(l, '{id}', to_jsonb($3::text)) else l end order by place)
         from jsonb_array_elements(t.links) with ordinality as given(l, place))
       where t.tenant_id = $1 and t.id = any (array(select l.task_id from task_links l where l.kind = 'customers' and l.record_id = $2::uuid))
         and ($4::uuid[] is null or t.id = any ($4)) and not exists (select from task_links same
           where same.tenant_id = t.tenant_id and same.task_id = t.id and same.kind = 'customers' and same.record_id = $3::uuid)
       returning t.id`,
      [currentTenantId(), from, to, only ? (only[LINKED] ?? []) : null],
    );
    return tasks.map(({ id }) => id);
  }
}
