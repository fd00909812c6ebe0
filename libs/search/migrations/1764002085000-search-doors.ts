import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Both doors answer what the tenant has; who asks learns only what is joined with their reach. They stand past row-level
 * security because under it PostgreSQL uses no index for operators that are not leak-proof.
 */
export class SearchDoors1764002085000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const ddl of [WORDS, KEYS, NEIGHBOURS]) await q.query(ddl);
    await createDoor(q, 'search_exactly(term text, kinds text[], most int)', EXACTLY);
    await createDoor(q, 'search_alike(term text, kinds text[], most int)', ALIKE);
    await q.query('select show_limit()'); // loads pg_trgm, so that its setting is known
    await q.query(
      `alter function search_alike(text, text[], int) set pg_trgm.strict_word_similarity_threshold = ${LIKENESS}`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    for (const signature of FUNCTIONS) await dropFunction(q, signature);
  }
}

const FUNCTIONS = [
  'search_alike(text, text[], int)',
  'search_exactly(text, text[], int)',
  'search_neighbours(text)',
  'search_keys(text)',
  'search_query(text)',
];

const MOST_WORDS = 12;
/** How many of the parts of three letters two texts have in common: with a slip in a word of five letters, more than a third. */
const LIKENESS = 0.36;
/** Much is like two letters. */
const SHORTEST_ALIKE = 3;

/** Every word, the last one as a beginning, since somebody may still be writing it. A lone letter of ASCII begins too many. */
const WORDS = `create function search_query(term text) returns tsquery language sql immutable parallel safe as $$
  select string_agg(search_quoted(w) || case when n = last and w !~ '^[a-z0-9]$' then ':*' else '' end, ' & ')::tsquery
    from (select w, n, max(n) over () as last from string_to_table(search_form(term), ' ') with ordinality words(w, n)
      where w <> '' and n <= ${MOST_WORDS}) w $$`;

/**
 * What the term may be as a whole: an address, a number as it is dialled (its beginning, too), a reference with or without its
 * letters and zeros.
 */
const KEYS = `create function search_keys(term text) returns tsquery language plpgsql immutable parallel safe as $$
declare
  written text := lower(btrim(normalize(term, NFKC)));
  digits text := ltrim(regexp_replace(written, '[^0-9]', '', 'g'), '0');
  reference text[] := regexp_match(written, '^([a-z]*)[ #-]*0*([1-9][0-9]{0,8})$');
begin
  return concat_ws(' | ', search_quoted('=' || written), search_quoted('=' || reference[1] || reference[2]),
    case when written ~ '^[+(]?[0-9][0-9 ()./-]*$' and length(digits) >= 5 then search_quoted('=' || digits) || ':*' end)::tsquery;
end $$`;

/** Each word, or with any two letters that stand beside each other in the other order: the slip that shares fewest parts. */
const NEIGHBOURS = `create function search_neighbours(term text) returns tsquery language sql immutable parallel safe as $$
  select string_agg('(' || search_quoted(w) || (select coalesce(string_agg(
        ' | ' || search_quoted(left(w, i - 1) || substr(w, i + 1, 1) || substr(w, i, 1) || substr(w, i + 2)), ''), '')
      from generate_series(1, least(length(w), 20) - 1) i) || ')', ' & ')::tsquery
    from string_to_table(search_form(term), ' ') with ordinality words(w, n) where w <> '' and n <= ${MOST_WORDS} $$`;

const FOUND = 'returns table (kind text, id uuid, score numeric, created_at timestamptz)';

/**
 * What holds every word, or is named by the whole: the newest \`most\` of them, each with its score. 2 and more: named; 1 and
 * more: by its words.
 */
const EXACTLY = `${FOUND} language plpgsql stable rows 100 as $$
declare
  tenant uuid := app_tenant();
  spoken tsquery := search_query(term);
  named tsquery := case when term ~ '[0-9@.]' then search_keys(term) end;
begin
  if spoken is null then return; end if;
  return query select f.kind, f.id, round(((case when f.words @@ named then 2 else 1 end) + ts_rank(f.words, spoken) * 0.999)::numeric, 4), f.created_at
    from (select d.kind, d.id, d.words, d.created_at from search_documents d where d.tenant_id = tenant
      and (d.words @@ spoken or d.words @@ named) and d.kind = any (kinds) order by d.created_at desc, d.id desc limit most) f;
end $$`;

/** What is written much like the term: the \`most\` that are written most like it. Below 1. */
const ALIKE = `${FOUND} language plpgsql stable rows 100 as $$
declare
  tenant uuid := app_tenant();
  wanted text := search_form(term);
  swapped tsquery := search_neighbours(term);
begin
  if length(wanted) < ${SHORTEST_ALIKE} then return; end if;
  return query select d.kind, d.id, round(greatest(strict_word_similarity(wanted, d.form), case when d.words @@ swapped then 0.9 else 0 end)::numeric * 0.999, 4), d.created_at
    from search_documents d where d.tenant_id = tenant and (wanted <<% d.form or d.words @@ swapped) and d.kind = any (kinds)
    order by 3 desc, d.created_at desc limit most;
end $$`;
