import type { QueryRunner } from 'typeorm';
import { dropFunction } from './migrating.js';

/** What the search over everything knows of a record: SQL of the developer's over `r`, the record's row. */
export type SearchDocument = {
  /** As in URLs and permissions, and the name of the table: `customers`. */
  readonly kind: string;
  /** The columns that the rest is made of: a change of others writes nothing. */
  readonly columns: readonly string[];
  /** What is in the trash is not found. */
  readonly isPresent: string;
  readonly title: string;
  readonly subtitle?: string;
  readonly body?: string;
  /** `text[]` of what finds exactly this record, ahead of all words: an address, the digits of a number, a reference. */
  readonly keys?: string;
};

/** Of a longer text its beginning is searched. */
const LONGEST_BODY = 10_000;

/**
 * Lets the records of a table be found, from the statement on that writes them, those that are there already included. It is
 * a trigger of the table, so that no import, merge or bulk update can forget it. Undone by `dropSearchable`.
 */
export async function keepSearchable(q: QueryRunner, document: SearchDocument): Promise<void> {
  const { kind, isPresent } = document;
  await q.query(documentOf(document));
  await keepDocuments(q, document);
  await q.query(
    `insert into search_documents (${COLUMNS}) select d.* from ${kind} r, ${kind}_search_document(r) d where ${isPresent}`,
  );
}

/** What is new is written once a statement, however many rows it has: a call for each of an import's costs half as much again. */
export async function keepDocuments(q: QueryRunner, document: Present): Promise<void> {
  const { kind, columns } = document;
  await q.query(keepNew(document));
  await q.query(keepChanged(document));
  await q.query(`create trigger search_document_of_new after insert on ${kind} referencing new table as written
    for each statement execute function ${kind}_keep_new_search_documents()`);
  await q.query(`create trigger search_document after delete or update of ${columns.join(', ')} on ${kind}
    for each row execute function ${kind}_keep_search_document()`);
}

export async function dropSearchable(q: QueryRunner, kind: string): Promise<void> {
  await dropFunction(q, `${kind}_keep_new_search_documents()`);
  await dropFunction(q, `${kind}_keep_search_document()`);
  await dropFunction(q, `${kind}_search_document(${kind})`);
  await q.query('delete from search_documents where kind = $1', [kind]);
}

type Present = Pick<SearchDocument, 'kind' | 'columns' | 'isPresent'>;

const COLUMNS = 'tenant_id, kind, id, title, subtitle, body, words, created_at';

const documentOf = ({ kind, title, subtitle = 'null', body = 'null', keys = 'null' }: SearchDocument): string =>
  `create function ${kind}_search_document(r ${kind}) returns table (tenant_id uuid, kind text, id uuid, title text, subtitle text,
    body text, words tsvector, created_at timestamptz) language sql stable as $$
  select r.tenant_id, '${kind}', r.id, t.title, t.subtitle, t.body, search_words(t.title, t.subtitle, t.body, ${keys}), r.created_at
    from (select ${title} as title, nullif(${subtitle}, '') as subtitle, left(nullif(${body}, ''), ${LONGEST_BODY}) as body) t $$`;

// Unless it says something else than before, a document is not written again: its indexes cost more than the comparison.
const WRITE = `on conflict (tenant_id, kind, id) do update
        set title = excluded.title, subtitle = excluded.subtitle, body = excluded.body, words = excluded.words
        where (s.title, s.subtitle, s.body, s.words) is distinct from (excluded.title, excluded.subtitle, excluded.body, excluded.words)`;

const keepNew = ({ kind, isPresent }: Present): string =>
  `create function ${kind}_keep_new_search_documents() returns trigger language plpgsql as $$
begin
  insert into search_documents as s (${COLUMNS})
    select d.* from written r, ${kind}_search_document(r::${kind}) d where ${isPresent}
      ${WRITE};
  return null;
end $$`;

const keepChanged = ({ kind, isPresent }: Present): string =>
  `create function ${kind}_keep_search_document() returns trigger language plpgsql as $$
declare r ${kind};
begin
  if tg_op = 'DELETE' then r := old; else r := new; end if;
  if tg_op = 'DELETE' or not (${isPresent}) then
    delete from search_documents s where s.tenant_id = r.tenant_id and s.kind = '${kind}' and s.id = r.id;
  else
    insert into search_documents as s (${COLUMNS}) select d.* from ${kind}_search_document(r) d
      ${WRITE};
  end if;
  return null;
end $$`;
