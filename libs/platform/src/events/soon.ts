/**
 * Begins a statement that is a transaction of its own, and names `soon` among what it reads from: its commit does not wait
 * for the disk. For bookkeeping on the way to an effect. The log is written in order, so whatever is committed after it and
 * waits for the disk takes it along; a PostgreSQL that crashes before that forgets at most that a delivery was handed out or
 * begun, and nothing of an effect: it is handed out again, as after any crash.
 */
export const SOON = "with soon as materialized (select set_config('synchronous_commit', 'off', true))";
