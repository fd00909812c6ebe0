import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropFunction } from '../src/database/migrating.js';
import { keepDocuments } from '../src/database/searchable.js';

/**
 * New records are made searchable once a statement, and a document's words are gathered in a third of the time. A table
 * whose trigger writes them already keeps it: there the way back changes nothing.
 */
export class SearchByStatement1764002220000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(WORDS);
    for (const { kind, columns } of (await q.query(BY_ROW)) as { kind: string; columns: string[] }[]) {
      await dropFunction(q, `${kind}_keep_search_document()`);
      const isPresent = columns.includes('deleted_at') ? 'r.deleted_at is null' : 'true';
      await keepDocuments(q, { kind, columns, isPresent });
    }
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(WORDS_BEFORE);
  }
}

/** Tables whose one trigger writes what is new as well, row by row: bits of `tgtype` say "each row" and "insert". */
const BY_ROW = `select tgrelid::regclass::text as kind, array(select attname::text from pg_attribute
    where attrelid = tgrelid and attnum = any (tgattr::int2[])) as columns
  from pg_trigger where tgname = 'search_document' and tgtype & 5 = 5`;

const LONGEST_WORD = 100;
const MOST_POSITIONS = 16_383; // a tsvector knows no further ones

/**
 * The words of a document: as before, by a loop, since a query for each document costs more than all its words. No word of
 * `search_form` holds a sign, so that none needs to be quoted; a key may.
 */
const WORDS = `create or replace function search_words(title text, subtitle text, body text, keys text[]) returns tsvector
  language plpgsql immutable parallel safe as $$
declare
  lexemes text[] := '{}';
  words text[]; w text; n int; weight text;
begin
  foreach weight in array array['A', 'B', 'C'] loop
    words := string_to_array(search_form(case weight when 'A' then title when 'B' then subtitle else body end), ' ');
    n := 0;
    continue when words is null;
    foreach w in array words loop
      n := n + 1;
      continue when w = '';
      lexemes := array_append(lexemes, '''' || left(w, ${LONGEST_WORD}) || ''':' || least(n, ${MOST_POSITIONS}) || weight);
    end loop;
  end loop;
  if keys is not null then
    foreach w in array keys loop
      continue when w is null or w = '';
      lexemes := array_append(lexemes, search_quoted('=' || left(w, ${LONGEST_WORD})));
    end loop;
  end if;
  return array_to_string(lexemes, ' ')::tsvector;
end $$`;

const WORDS_BEFORE = `create or replace function search_words(title text, subtitle text, body text, keys text[]) returns tsvector
  language plpgsql immutable parallel safe as $$
begin
  return coalesce((select string_agg(lexeme, ' ') from (
    select search_quoted(left(w, ${LONGEST_WORD})) || ':' || least(n, ${MOST_POSITIONS}) || weight as lexeme
      from (values (title, 'A'), (subtitle, 'B'), (body, 'C')) parts(written, weight),
        string_to_table(search_form(written), ' ') with ordinality words(w, n) where w <> ''
    union all select search_quoted('=' || left(k, ${LONGEST_WORD})) from unnest(keys) k where k <> '') lexemes), '')::tsvector;
end $$`;
