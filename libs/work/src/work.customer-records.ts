import { customerRecordsIn } from '@app/platform';

/** The links of a task stand in its row, from which `task_links` follows. A task that is about both stays as it is. */
const LINKED_TASKS = `update tasks t set version = t.version + 1, updated_at = now(),
    links = (select jsonb_agg(case when l.link = jsonb_build_object('kind', 'customers', 'id', $2::uuid)
        then jsonb_build_object('kind', 'customers', 'id', $3::uuid) else l.link end order by l.place)
      from jsonb_array_elements(t.links) with ordinality l (link, place))
  where t.tenant_id = $1 and ($4::uuid[] is null or t.id = any ($4))
    and t.id = any (array(select k.task_id from task_links k where k.tenant_id = $1 and k.kind = 'customers' and k.record_id = $2))
    and not exists (select 1 from task_links k where k.tenant_id = $1 and k.task_id = t.id and k.kind = 'customers' and k.record_id = $3)
  returning t.id`;

/** Projects of two customers who are one, the time that was spent for them, and tasks about them. */
export const WorkOfCustomers = customerRecordsIn({
  'projects.customer_id': { isVersioned: true },
  'worklogs.customer_id': { isVersioned: true },
  'task_links.record_id': { statement: LINKED_TASKS },
});
