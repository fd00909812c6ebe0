import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTenantTable, dropFunction, dropTables } from '../src/database/migrating.js';

/** What the search over everything looks in: one row for each record that can be found, kept by the record's own trigger. */
export class SearchDocuments1764002080000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const ddl of [FORM, QUOTED, WORDS, PHONE_KEYS]) await q.query(ddl);
    const because = 'it follows from the records, which are audited';
    await createTenantTable(q, 'search_documents', DOCUMENTS, { audit: false, because });
    for (const index of INDEXES) await q.query(index);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'search_documents');
    for (const signature of [
      'search_phone_keys(text)',
      'search_words(text, text, text, text[])',
      'search_quoted(text)',
      'search_form(text)',
    ])
      await dropFunction(q, signature);
  }
}

/**
 * `words`: what is looked for, the title's words (A) before the subtitle's (B) and the body's (C), and the keys. `form`: what a
 * word with a slip in it is compared with.
 */
const DOCUMENTS = `
  kind text not null, id uuid not null,
  title text not null, subtitle text, body text,
  words tsvector not null,
  form text generated always as (search_form(title || coalesce(' ' || subtitle, ''))) stored,
  created_at timestamptz(3) not null,
  primary key (tenant_id, kind, id)`;

// Small pending lists, since each search reads them to their ends.
const INDEXES = [
  `create index search_documents_by_word on search_documents using gin (tenant_id, words) with (gin_pending_list_limit = 256)`,
  `create index search_documents_by_form on search_documents using gin (tenant_id, form gin_trgm_ops)
    with (gin_pending_list_limit = 256)`,
];

// What joins or directs letters and is none itself (accents that stand alone, marks of direction), and what parts words: all of
// ASCII but letters and digits, and the signs and blanks of Unicode. By number, since classes depend on the locale.
const JOINS = '[\\u0300-\\u036f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff]+';
const PARTS =
  '[\\u0001-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00bf\\u1680\\u2000-\\u206f\\u2e00-\\u2e7f\\u3000-\\u303f]+';

/** Words of small letters without accents, a blank between two. Neither blanks nor a sign of a query are left in one. */
const FORM = `create function search_form(written text) returns text language sql immutable parallel safe as $$
  select btrim(regexp_replace(regexp_replace(lower(public.unaccent('public.unaccent', normalize(written, NFKC))), '${JOINS}', '', 'g'),
    '${PARTS}', ' ', 'g')) $$`;

const LONGEST_WORD = 100;
const MOST_POSITIONS = 16_383; // a tsvector knows no further ones

/**
 * The words of a document. A key is one that begins with "=", as no word of a text does: it is found whole, and before all words.
 * Not by a parser of PostgreSQL, which makes one word of an address, and a negative number of what follows a hyphen.
 */
const WORDS = `create function search_words(title text, subtitle text, body text, keys text[]) returns tsvector
  language plpgsql immutable parallel safe as $$
begin
  return coalesce((select string_agg(lexeme, ' ') from (
    select search_quoted(left(w, ${LONGEST_WORD})) || ':' || least(n, ${MOST_POSITIONS}) || weight as lexeme
      from (values (title, 'A'), (subtitle, 'B'), (body, 'C')) parts(written, weight),
        string_to_table(search_form(written), ' ') with ordinality words(w, n) where w <> ''
    union all select search_quoted('=' || left(k, ${LONGEST_WORD})) from unnest(keys) k where k <> '') lexemes), '')::tsvector;
end $$`;

/** As a tsvector and a tsquery are written: nothing in it means anything. */
const QUOTED = `create function search_quoted(word text) returns text language sql immutable parallel safe
  as $$ select '''' || replace(replace(word, '\\', '\\\\'), '''', '''''') || '''' $$`;

/** A number as it is dialled from abroad and, since a country's code has one to three digits, from within. */
const PHONE_KEYS = `create function search_phone_keys(number text) returns text[] language sql immutable parallel safe as $$
  select array(select ltrim(substr(regexp_replace(number, '[^0-9]', '', 'g'), 1 + code), '0') from generate_series(0, 3) code) $$`;
