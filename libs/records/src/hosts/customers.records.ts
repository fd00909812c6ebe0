import { customerRecordsIn } from '@app/platform';

const where = `t.record_kind = 'customers'`;

/** What hangs on two customers who are one. A tag that stands on both stays where it is. */
export const HangingOnCustomers = customerRecordsIn({
  'notes.record_id': { isVersioned: true, where },
  'files.record_id': { isVersioned: true, where },
  'record_tags.record_id': {
    where,
    except: `exists (select 1 from record_tags same where same.tenant_id = t.tenant_id and same.record_kind = t.record_kind
      and same.tag_id = t.tag_id and same.record_id = $3)`,
  },
});
