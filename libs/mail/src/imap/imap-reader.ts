import { defineFailpoint, failpoint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MailIntake } from '../messages/mail-intake.service.js';
import { MAIL_LIMITS } from '../parsing/limits.js';
import { isRefusal } from './imap-faults.js';
import { type Folder, ImapLedger } from './imap-ledger.js';
import { ImapPolls, type Turn } from './imap-polls.js';
import type { Head, ImapSession, Source } from './imap-session.js';

const storedPoint = defineFailpoint(
  'mail.polled',
  'Mails of an IMAP server are stored, the ledger does not say so yet.',
);

/** A poll that has more to do stops after this long, so that other mailboxes have their turn. */
const POLL_MS = 60_000;
const LISTED_AT_ONCE = 10_000;
const ASKED_AT_ONCE = 50;
const ASKED_BYTES = 8 * 1024 * 1024;
const SUSPECTS_A_POLL = 100;
const MARKED_AT_ONCE = 500;
const STORED_AT_ONCE = 8;

/** Brings a folder's mails in: lists first, asks then, and stores by the same way as mail that is handed in. */
@Injectable()
export class ImapReader {
  constructor(
    private readonly ledger: ImapLedger,
    private readonly polls: ImapPolls,
    private readonly intake: MailIntake,
  ) {}

  /** Whether there is more to read. @throws ImapFault, TurnLost */
  async read(session: ImapSession, turn: Turn, { marksSeen }: { marksSeen: boolean }): Promise<boolean> {
    const folder = { mailboxId: turn.id, uidValidity: session.uidValidity };
    const until = performance.now() + POLL_MS;
    await this.list(session, turn, folder);
    for (let uids = await this.ledger.fresh(folder, ASKED_AT_ONCE); uids.length;) {
      if (performance.now() > until) return true;
      await this.fetch(session, turn, folder, uids, marksSeen);
      uids = await this.ledger.fresh(folder, ASKED_AT_ONCE);
    }
    await this.mark(session, turn, folder, marksSeen);
    // Last and one by one: the one that a server stumbles over costs no other.
    for (const uid of await this.ledger.suspects(folder, SUSPECTS_A_POLL))
      await this.fetch(session, turn, folder, [uid], marksSeen);
    await this.mark(session, turn, folder, marksSeen);
    return false;
  }

  private async list(session: ImapSession, turn: Turn, folder: Folder): Promise<void> {
    const isAnother = turn.uidValidity !== folder.uidValidity;
    if (isAnother || turn.wantsComparison) return this.compare(session, turn, folder, isAnother ? 0 : turn.lastUid);
    const uids = await session.listAfter(turn.lastUid);
    await this.enter(folder, uids);
    await this.polls.advance(turn, folder.uidValidity, uids.at(-1) ?? turn.lastUid);
  }

  private async compare(session: ImapSession, turn: Turn, folder: Folder, lastUid: number): Promise<void> {
    const { claimed, uids } = await session.listAll();
    await this.polls.renew(turn);
    await this.ledger.forgetOthers(folder);
    await this.enter(folder, uids);
    await this.ledger.unlistOthers(folder, uids);
    await this.ledger.encourage(folder);
    await this.polls.advance(turn, folder.uidValidity, Math.max(uids.at(-1) ?? 0, lastUid));
    const repeated = await this.ledger.repeated(folder, LISTED_AT_ONCE);
    if (repeated.length) await this.ledger.settleRepeats(folder, await session.heads(repeated));
    await this.polls.compared(turn, { claimed, listed: uids.length });
  }

  private async enter(folder: Folder, uids: readonly number[]): Promise<void> {
    for (let at = 0; at < uids.length; at += LISTED_AT_ONCE)
      await this.ledger.list(folder, uids.slice(at, at + LISTED_AT_ONCE));
  }

  private async fetch(
    session: ImapSession,
    turn: Turn,
    folder: Folder,
    uids: readonly number[],
    marksSeen: boolean,
  ): Promise<void> {
    await this.polls.renew(turn);
    await this.ledger.ask(folder, uids);
    const heads = await unlessRefused(session.heads(uids));
    await this.ledger.describe(folder, heads ?? []);
    const sizes = new Map(heads?.map(({ uid, size }) => [uid, size ?? 0]));
    const isTooLarge = (uid: number): boolean => (sizes.get(uid) ?? 0) > MAIL_LIMITS.maxBytes;
    await this.ledger.refuse(folder, uids.filter(isTooLarge), 'too_large');
    const wanted = uids.filter((uid) => !isTooLarge(uid));
    for (const some of portionsOf(wanted, sizes)) {
      await this.polls.renew(turn);
      const sources = await unlessRefused(session.sources(some));
      if (sources) await this.store(folder, some, sources, marksSeen);
      else await this.ledger.explain(folder, some, 'refused_by_server');
    }
  }

  /** What was not asked for is left for its own turn: it may be anything. */
  private async store(
    folder: Folder,
    asked: readonly number[],
    given: readonly Source[],
    marksSeen: boolean,
  ): Promise<void> {
    const wanted = new Set(asked);
    const sources = given.filter(({ uid }) => wanted.has(uid));
    const taken: string[] = [];
    for (let at = 0; at < sources.length; at += STORED_AT_ONCE) {
      const some = sources.slice(at, at + STORED_AT_ONCE);
      const raws = some.map(({ raw }) => raw);
      taken.push(...(await this.intake.takeInto(raws, folder.mailboxId)));
    }
    failpoint(storedPoint);
    const stored = new Map<number, { uid: number; mailId: string; repeats: number }>();
    for (const [at, { uid }] of sources.entries()) {
      const before = stored.get(uid);
      if (before) before.repeats++;
      else stored.set(uid, { uid, mailId: taken[at] ?? '', repeats: 0 });
    }
    await this.ledger.stored(folder, [...stored.values()], marksSeen);
  }

  /** After the mails are stored, never before: who looks into the mailbox may rely on it. */
  private async mark(session: ImapSession, turn: Turn, folder: Folder, marksSeen: boolean): Promise<void> {
    if (!marksSeen) return;
    for (;;) {
      const uids = await this.ledger.toMark(folder, MARKED_AT_ONCE);
      if (!uids.length) return;
      await session.markSeen(uids);
      await this.ledger.marked(folder, uids);
      await this.polls.renew(turn);
    }
  }
}

/** Undefined where the server said no to this one question. */
function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => (isRefusal(error) ? undefined : Promise.reject(error as Error)));
}

/** Together no more than what fits into memory well; a large mail goes alone. */
function portionsOf(uids: readonly number[], sizes: ReadonlyMap<number, Head['size']>): number[][] {
  const portions: number[][] = [];
  let bytes = Infinity;
  for (const uid of uids) {
    const size = sizes.get(uid) ?? 0;
    bytes += size;
    if (bytes > ASKED_BYTES) {
      portions.push([]);
      bytes = size;
    }
    portions.at(-1)?.push(uid);
  }
  return portions;
}
