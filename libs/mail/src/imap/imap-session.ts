import { setTimeout as wait } from 'node:timers/promises';
import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { readMessageIds } from '../parsing/header.js';
import { MAIL_LIMITS } from '../parsing/limits.js';
import type { ImapFault } from './imap.errors.js';
import { fault, faultOf, isRefusal } from './imap-faults.js';

/** In milliseconds, but for `heldBytes`: what the answers to one question may hold in all. */
export type ImapBounds = {
  readonly connect: number;
  readonly silence: number;
  readonly step: number;
  readonly heldBytes: number;
};

export type Head = {
  readonly uid: number;
  readonly messageId: string | null;
  readonly internalDate: Date | null;
  readonly size: number | null;
  /** How often the server gave it for one question. */
  readonly times: number;
};
export type Source = { readonly uid: number; readonly raw: Buffer };

const LONGEST_GOODBYE_MS = 1_000;
const LOOKS_A_SILENCE = 4;

/** One folder of one server, open. Every question has a deadline; what goes wrong is an `ImapFault`. */
export class ImapSession {
  private cause: unknown;

  /** `client`: connected, its folder open. */
  constructor(
    private readonly client: ImapFlow,
    private readonly bounds: ImapBounds,
  ) {
    client.on('error', (error: Error) => (this.cause ??= error));
  }

  /** RFC 3501, 2.3.1.1: ids mean the same mails for as long as it is the same. */
  get uidValidity(): number {
    return Number(this.folder.uidValidity);
  }

  /** How many mails the server says the folder has. */
  get claimed(): number {
    return this.folder.exists;
  }

  /** The ids above this one. `n:*` names the last mail even where it lies below n (RFC 3501, 6.4.8). */
  async listAfter(uid: number): Promise<number[]> {
    const found = await this.search({ uid: `${uid + 1}:*` });
    return found.filter((one) => one > uid);
  }

  /** All ids. A server that names fewer or more than it claims is asked once more, in another way. */
  async listAll(): Promise<{ claimed: number; uids: number[] }> {
    const found = await this.search({ all: true });
    if (found.length === this.claimed || this.claimed === 0) return { claimed: this.claimed, uids: found };
    await this.ask(() => this.client.noop()); // mails may have come or gone meanwhile: it says so now
    const again = new Set([...(await this.search({ all: true })), ...(await this.numbered())]);
    return { claimed: this.claimed, uids: [...again].sort((a, b) => a - b) };
  }

  /** What is known of mails without their bodies. Who is not given is left out. */
  heads(uids: readonly number[]): Promise<Head[]> {
    return this.ask(async () => {
      const found = new Map<number, Head>();
      const query = { uid: true, size: true, internalDate: true, headers: ['message-id'] };
      for await (const one of this.client.fetch(uids.join(), query, { uid: true })) {
        const before = found.get(one.uid);
        if (before) found.set(one.uid, { ...before, times: before.times + 1 });
        else found.set(one.uid, headOf(one));
      }
      return [...found.values()];
    });
  }

  /** The mails as they are, in any order, as often as they are given; those without a body are left out. */
  sources(uids: readonly number[]): Promise<Source[]> {
    return this.ask(async () => {
      const found: Source[] = [];
      let held = 0;
      for await (const { uid, source } of this.client.fetch(uids.join(), { uid: true, source: true }, { uid: true })) {
        if (!source?.length) continue;
        held += source.length;
        if (held > this.bounds.heldBytes) throw fault('too_much');
        found.push({ uid, raw: source });
      }
      return found;
    });
  }

  async markSeen(uids: readonly number[]): Promise<void> {
    const isDone = await this.ask(() =>
      this.client.messageFlagsAdd(uids.join(), ['\\Seen'], { uid: true, silent: true }),
    );
    if (!isDone) throw fault('protocol_violated', 'the flag \\Seen was refused');
  }

  async close(): Promise<void> {
    if (this.client.usable) {
      const said = this.client.logout().catch(() => undefined);
      await Promise.race([said, wait(LONGEST_GOODBYE_MS, undefined, { ref: false })]);
    }
    this.client.close();
  }

  /** Ends it at once, whatever is under way; answers what it ended of first. */
  abort(why: unknown): ImapFault {
    this.cause ??= why;
    this.client.close();
    return faultOf(this.cause);
  }

  private get folder(): { uidValidity: bigint; exists: number } {
    if (!this.client.mailbox) throw faultOf(this.cause ?? fault('disconnected'));
    return this.client.mailbox;
  }

  /** Ids by sequence number: another part of the server answers that than a search. */
  private numbered(): Promise<number[]> {
    return this.ask(async () => {
      const found: number[] = [];
      for await (const { uid } of this.client.fetch('1:*', { uid: true })) found.push(uid);
      return found;
    });
  }

  private async search(query: { all: true } | { uid: string }): Promise<number[]> {
    const found = await this.ask(() => this.client.search(query, { uid: true }));
    if (!Array.isArray(found)) throw faultOf(this.cause ?? fault('protocol_violated', 'the search was refused'));
    return found;
  }

  /** Runs what asks the server, and ends the session where it does not answer. @throws ImapFault, or what the server said no with */
  async ask<T>(work: () => Promise<T>): Promise<T> {
    const rest = this.watch();
    try {
      const answer = await work();
      if (!this.client.usable) throw fault('disconnected'); // it then answers everything with nothing
      return answer;
    } catch (error) {
      throw isRefusal(error) ? error : this.abort(error);
    } finally {
      rest();
    }
  }

  /**
   * Ends the session when the server says nothing for too long while it is asked, or takes too long in all: one that
   * answers byte by byte is never silent. Looks are counted and not the time between them, in which this process may have
   * been the one that was busy.
   */
  private watch(): () => void {
    let [heard, quiet, looks] = [-1, 0, 0];
    const every = this.bounds.silence / LOOKS_A_SILENCE;
    const timer = setInterval(() => {
      const { received } = this.client.stats();
      quiet = received === heard ? quiet + 1 : 0;
      heard = received;
      looks++;
      if (quiet >= LOOKS_A_SILENCE || looks * every > this.bounds.step) this.abort(fault('timed_out'));
    }, every);
    return () => clearInterval(timer);
  }
}

const EARLIEST = new Date(0);
const LATEST = new Date('3000-01-01T00:00:00Z');

function headOf({ uid, size, internalDate, headers }: FetchMessageObject): Head {
  const received = internalDate ? new Date(internalDate) : null;
  const line = /^message-id:([\s\S]*)/i.exec(headers?.toString('latin1', 0, 2_000) ?? '')?.[1] ?? '';
  return {
    uid,
    messageId: readMessageIds(line)[0]?.replaceAll('\u0000', '') ?? null,
    internalDate: received && received >= EARLIEST && received < LATEST ? received : null,
    size: typeof size === 'number' && Number.isSafeInteger(size) ? size : null,
    times: 1,
  };
}

export const IMAP_BOUNDS: ImapBounds = {
  connect: 10_000,
  silence: 20_000,
  step: 60_000,
  heldBytes: 3 * MAIL_LIMITS.maxBytes,
};
