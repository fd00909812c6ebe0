/** Holds a person's row: whoever is about to let them in waits, and then finds what was changed. In the open transaction. */
export const HOLD_USER = 'select 1 from users where id = $1 for no key update';

/** That they may come in, and stay so until the session is there: others who let them in are not kept waiting. */
export const HOLD_ACTIVE_USER = `select 1 from users where id = $1 and status = 'active' for share`;
