/**
 * What is hashed, as SQL: the sealing function and the verification are both made of these. What is sealed stays sealed
 * in this form, so it never changes; another form is another version in `genesis`. All of it is stable over PostgreSQL
 * 15 to 18, dumps and restores: the text of jsonb is canonical (sorted keys, no insignificant space), an array of it
 * keeps its fields apart whatever they contain, and `at` is written in UTC with all its microseconds.
 */

/** The first link's predecessor, another one for each tenant. */
export const genesis = (tenantId: string): string =>
  `sha256(convert_to('nexus audit chain 1 ' || ${tenantId}::text, 'UTF8'))`;

const rowArray = (row: string): string => `jsonb_build_array(
    ${row}.id, to_char(${row}.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), ${row}.txid::text, ${row}.actor_id,
    ${row}.actor_name, ${row}.request_id, ${row}.entity, ${row}.entity_id, ${row}.action)`;

/**
 * Everything in an audit row but its payload, as the text that is hashed. Where somebody acted as another person, who they
 * are comes last; other rows read as they did before there were such, so that every seal of then still fits.
 */
export const rowText = (row: string): string =>
  `(${rowArray(row)} || case when ${row}.impersonator_id is null then '[]' else jsonb_build_array(${row}.impersonator_id) end)::text`;

const hashOf = (text: string): string => `sha256(convert_to(${text}, 'UTF8'))`;
export const rowHash = (row: string): string => hashOf(rowText(row));
/** Of rows in which nobody could act as another yet. */
export const firstRowHash = (row: string): string => hashOf(`${rowArray(row)}::text`);

/**
 * Hash of `before` or of `after`; null of null. Salted, so that after an erasure, which takes the salt away too, nobody
 * can find a telephone number again by hashing all there are.
 */
export const payloadHash = (salt: string, payload: string): string =>
  `sha256(uuid_send(${salt}) || convert_to(${payload}::text, 'UTF8'))`;

const NOTHING = "decode(repeat('00', 32), 'hex')";

/** Each part has 32 bytes: none can pass for its neighbour. */
export const linkHash = (previous: string, seal: string): string =>
  `sha256(${previous} || ${seal}.row_hash || coalesce(${seal}.before_hash, ${NOTHING}) || coalesce(${seal}.after_hash, ${NOTHING}))`;
