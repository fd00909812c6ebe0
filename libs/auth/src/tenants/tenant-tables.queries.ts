import { currentActor, currentRequestId, Database, LoadedContexts, runAs } from '@app/platform';
import { Injectable } from '@nestjs/common';

type Key = { readonly name: string; readonly type: string };
/** A table as it is exported: without its columns that are kept back, in the order of its key. */
export type TenantTable = { readonly name: string; readonly key: readonly Key[]; readonly keptBack: readonly string[] };
type Place = readonly string[];
/** Runs as whoever asked for an export: a stream is read on in whatever scope its consumer has. */
export type Within = <T>(work: () => Promise<T>) => Promise<T>;
export type Exported = { readonly row: object; readonly place: Place };

/** Bookkeeping of the platform's own, what answers said, and once more what the records say. */
const OF_THE_PLATFORM = ['outbox', 'deliveries', 'idempotency', 'schedules', 'tenant_holds', 'search_documents'];
const PAGE = 500;

const TABLES = `select c.relname as name, (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by k.n)
    from unnest(i.indkey::int2[]) with ordinality k(attnum, n) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where a.attname <> 'tenant_id') as key
  from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and exists (select 1 from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id') order by c.relname`;

/** What the current tenant has, table by table, as the catalog of the database knows them: none can be forgotten. */
@Injectable()
export class TenantTables {
  constructor(
    private readonly db: Database,
    private readonly contexts: LoadedContexts,
  ) {}

  async all(): Promise<TenantTable[]> {
    const keptBack = [...OF_THE_PLATFORM, ...this.contexts.all.flatMap((context) => context.keptBack ?? [])];
    const tables = await this.db.query<{ name: string; key: Key[] | null }>(TABLES);
    return tables
      .filter(({ name }) => !keptBack.includes(name))
      .map(({ name, key }) => ({ name, key: key ?? [], keptBack: columnsOf(name, keptBack) }));
  }

  /** Whoever acts now, for later. */
  asNow(): Within {
    const [actor, requestId] = [currentActor(), currentRequestId()];
    return (work) => runAs(actor, requestId, work);
  }

  /** All rows of a table in the order of its key, page by page. */
  async *pages(table: TenantTable, within: Within): AsyncGenerator<Exported[]> {
    let after: Place | undefined;
    for (;;) {
      const page = await within(() => this.page(table, after));
      if (page.length) yield page;
      if (page.length < PAGE || table.key.length === 0) return;
      after = page.at(-1)?.place;
    }
  }

  /** The rows after a place, in the order of the key; none at the end. */
  private async page({ name, key, keptBack }: TenantTable, after: Place | undefined): Promise<Exported[]> {
    const columns = key.map((part) => `t."${part.name}"`);
    const values: unknown[] = [keptBack];
    const places = key.map(({ type }, index) => `$${values.push(after?.[index])}::${type}`);
    const isLater = after && key.length ? `(${columns.join(', ')}) > (${places.join(', ')})` : 'true';
    const text = columns.map((column) => `${column}::text`).join(', ');
    const order = key.length ? `order by ${columns.join(', ')}` : '';
    return this.db.query<Exported>(
      `select to_jsonb(t) - $1::text[] as row, array[${text}]::text[] as place from "${name}" t
       where t.tenant_id = app_tenant() and ${isLater} ${order} limit ${PAGE}`,
      after && key.length ? values : [keptBack],
    );
  }
}

const columnsOf = (table: string, keptBack: readonly string[]): string[] =>
  keptBack.filter((one) => one.startsWith(`${table}.`)).map((one) => one.slice(table.length + 1));
