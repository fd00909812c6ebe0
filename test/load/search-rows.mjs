/**
 * A million records of ten tenants that one search goes through, in a database of their own. Written as rows.mjs is, with its
 * helpers and its customers and inquiries.
 */
import { CUSTOMERS, INQUIRIES } from './rows.mjs';

const FURTHER = ['carrier', 'harbour', 'orchard', 'lantern', 'meadow', 'anchor', 'copper', 'willow'];

export const SEARCH_TENANTS = ['demo', 'acme', ...FURTHER];

/** Beside those of the demo; somebody is there whom the records can name. */
export const NEIGHBOURS = `
with made as (insert into tenants (tenant_id, id, slug, title)
    select id, id, slug, slug from (select gen_random_uuid() as id, slug from unnest('{${FURTHER.join(',')}}'::text[]) slug) t returning id, slug),
  people as (insert into users (tenant_id, id, email, first_name)
    select id, gen_random_uuid(), 'nobody@' || slug || '.example', 'Nobody' from made)
insert into teams (tenant_id, id, name) select id, gen_random_uuid(), 'Desk' from made`;

/** As the triggers would have kept them. */
const documentsOf = (kind) => `
insert into search_documents (tenant_id, kind, id, title, subtitle, body, words, created_at)
select d.* from ${kind} r, ${kind}_search_document(r) d where r.tenant_id = $1 and r.deleted_at is null on conflict do nothing`;

export const SEARCH_TABLES = [
  { table: 'customers', sql: CUSTOMERS, of: 'customers' },
  { table: 'inquiries', sql: INQUIRIES, of: 'inquiries' },
  { table: 'documents of customers', sql: documentsOf('customers') },
  { table: 'documents of inquiries', sql: documentsOf('inquiries') },
];
