import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Head } from './imap-session.js';

/** The mails of one folder, for as long as its ids mean the same. */
export type Folder = { readonly mailboxId: string; readonly uidValidity: number };

/** Asked for this often and not given, a mail waits for the next comparison: it must not make every poll fail. */
export const MOST_TRIES = 5;

const OF = 'tenant_id = $1 and mailbox_id = $2 and uid_validity = $3';

const LIST = `insert into imap_uids (tenant_id, mailbox_id, uid_validity, uid) select $1, $2, $3, unnest($4::bigint[])
  on conflict (tenant_id, mailbox_id, uid_validity, uid) do update set is_listed = true where not imap_uids.is_listed`;
const UNLIST = `update imap_uids set is_listed = false where ${OF} and is_listed
  and not exists (select 1 from unnest($4::bigint[]) l(uid) where l.uid = imap_uids.uid)`;
const DESCRIBE = `update imap_uids u set message_id = h."messageId", internal_date = h."internalDate", size = h.size
  from jsonb_to_recordset($4::jsonb) h(uid bigint, "messageId" text, "internalDate" timestamptz, size bigint)
  where u.tenant_id = $1 and u.mailbox_id = $2 and u.uid_validity = $3 and u.uid = h.uid`;
const STORED = `update imap_uids u set state = 'stored', stored_at = clock_timestamp(), mail_id = s."mailId", reason = null,
    is_to_mark = $5, repeats = s.repeats
  from jsonb_to_recordset($4::jsonb) s(uid bigint, "mailId" uuid, repeats int)
  where u.tenant_id = $1 and u.mailbox_id = $2 and u.uid_validity = $3 and u.uid = s.uid and u.state = 'listed'`;

/**
 * A row for every id that the server ever listed, written before its mail is asked for: what is missing is known, whatever
 * the server answers and whenever a process dies.
 */
@Injectable()
export class ImapLedger {
  constructor(private readonly db: Database) {}

  async list(folder: Folder, uids: readonly number[]): Promise<void> {
    if (uids.length) await this.write(LIST, folder, [uids]);
  }

  /** The ids of another UIDVALIDITY mean nothing any more: what they named is listed anew. */
  async forgetOthers({ mailboxId, uidValidity }: Folder): Promise<void> {
    const sql = 'delete from imap_uids where tenant_id = $1 and mailbox_id = $2 and uid_validity <> $3';
    await this.db.query(sql, [currentTenantId(), mailboxId, uidValidity]);
  }

  /** After a comparison: what the server does not have any more was deleted there, which is nobody's loss. */
  async unlistOthers(folder: Folder, uids: readonly number[]): Promise<void> {
    await this.write(UNLIST, folder, [uids]);
  }

  /** What was asked for too often gets one more chance. */
  async encourage(folder: Folder): Promise<void> {
    const sql = `update imap_uids set tries = ${MOST_TRIES - 1} where ${OF} and state = 'listed' and tries >= ${MOST_TRIES}`;
    await this.write(sql, folder, []);
  }

  /** Those never asked for. */
  fresh(folder: Folder, most: number): Promise<number[]> {
    return this.uids(folder, "state = 'listed' and is_listed and tries = 0", most);
  }

  /** Those asked for in vain, the least tried first. */
  suspects(folder: Folder, most: number): Promise<number[]> {
    const which = `state = 'listed' and is_listed and tries between 1 and ${MOST_TRIES - 1}`;
    return this.uids(folder, which, most, 'tries, uid');
  }

  async describe(folder: Folder, heads: readonly Head[]): Promise<void> {
    if (heads.length) await this.write(DESCRIBE, folder, [JSON.stringify(heads)]);
  }

  /** Counted before it is asked for: whatever happens next, it happened to these. */
  async ask(folder: Folder, uids: readonly number[]): Promise<void> {
    const sql = `update imap_uids set tries = tries + 1, reason = 'not_given' where ${OF} and uid = any($4::bigint[]) and state = 'listed'`;
    await this.write(sql, folder, [uids]);
  }

  async stored(
    folder: Folder,
    stored: readonly { uid: number; mailId: string; repeats: number }[],
    isToMark: boolean,
  ): Promise<void> {
    if (stored.length) await this.write(STORED, folder, [JSON.stringify(stored), isToMark]);
  }

  async refuse(folder: Folder, uids: readonly number[], reason: 'too_large'): Promise<void> {
    const sql = `update imap_uids set state = 'refused', reason = $5 where ${OF} and uid = any($4::bigint[]) and state = 'listed'`;
    if (uids.length) await this.write(sql, folder, [uids, reason]);
  }

  async explain(folder: Folder, uids: readonly number[], reason: 'refused_by_server'): Promise<void> {
    const sql = `update imap_uids set reason = $5 where ${OF} and uid = any($4::bigint[]) and state = 'listed'`;
    await this.write(sql, folder, [uids, reason]);
  }

  /** Those that the server gave more than once. */
  repeated(folder: Folder, most: number): Promise<number[]> {
    return this.uids(folder, 'repeats > 0 and is_listed', most);
  }

  async settleRepeats(folder: Folder, heads: readonly Head[]): Promise<void> {
    const sql = `update imap_uids u set repeats = h.times - 1 from jsonb_to_recordset($4::jsonb) h(uid bigint, times int)
      where u.tenant_id = $1 and u.mailbox_id = $2 and u.uid_validity = $3 and u.uid = h.uid`;
    if (heads.length) await this.write(sql, folder, [JSON.stringify(heads)]);
  }

  toMark(folder: Folder, most: number): Promise<number[]> {
    return this.uids(folder, 'is_to_mark and is_listed', most);
  }

  async marked(folder: Folder, uids: readonly number[]): Promise<void> {
    await this.write(`update imap_uids set is_to_mark = false where ${OF} and uid = any($4::bigint[])`, folder, [uids]);
  }

  private async uids(folder: Folder, which: string, most: number, order = 'uid'): Promise<number[]> {
    const sql = `select uid from imap_uids where ${OF} and ${which} order by ${order} limit $4`;
    return (await this.db.query<{ uid: number }>(sql, [...this.values(folder), most])).map(({ uid }) => uid);
  }

  private async write(sql: string, folder: Folder, values: unknown[]): Promise<void> {
    await this.db.query(sql, [...this.values(folder), ...values]);
  }

  private values({ mailboxId, uidValidity }: Folder): unknown[] {
    return [currentTenantId(), mailboxId, uidValidity];
  }
}
