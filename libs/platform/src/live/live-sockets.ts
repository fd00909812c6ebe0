import { Clock, DomainError, newId } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import type { Socket } from 'socket.io';
import {
  assertAllowedFrom,
  Authenticator,
  BadCredential,
  type Caller,
  type Credential,
  Restricted,
  Standings,
  type Ticket,
} from '../access/index.js';
import { toProblem } from '../http/problem.js';
import { Gate, Limits } from '../limits/index.js';
import { runAs } from '../scope/index.js';
import { NotWatched, TokenOver, TooManySockets, TooManyWatched } from './live.errors.js';
import { type Hint, LiveChannel, type LiveRecord, type Told } from './live-channel.js';
import { PresenceBook, type Present } from './presence.js';
import { ReadableRecords } from './readable-records.js';

const MOST_OF_ONE_TICKET = 20;
const MOST_WATCHED = 100;
const STANDING_SECONDS = 30; // a revocation is told at once; this finds those that Redis did not carry

/** One socket whose holder is known. Times are the application clock's, in milliseconds. */
export type Member = {
  readonly socket: Socket;
  readonly ticket: Ticket;
  readonly address: string;
  expiresAt: number;
  checkedAt: number;
  readonly watched: Map<string, LiveRecord>;
  /** What it shows of itself, by the record's key. */
  readonly shown: Map<string, Present>;
};

const keyOf = ({ tenantId, kind, id }: LiveRecord): string => `${tenantId}:${kind}:${id}`;
const expiryOf = ({ expiresAt }: Ticket): number => expiresAt?.getTime() ?? Infinity;

/**
 * The sockets of this process and what each may hear. Nothing is told on the strength of what was once allowed: whoever
 * is told of a record may read it at that moment.
 */
@Injectable()
export class LiveSockets {
  private readonly log = new Logger('live');
  private readonly members = new Map<string, Member>();
  private readonly watchers = new Map<string, Set<Member>>();
  private readonly lastTold = new Map<string, string>();

  constructor(
    private readonly clock: Clock,
    private readonly authenticator: Authenticator,
    private readonly standings: Standings,
    private readonly limits: Limits,
    private readonly gate: Gate,
    private readonly records: ReadableRecords,
    private readonly presence: PresenceBook,
    private readonly channel: LiveChannel,
  ) {}

  get isAnybodyThere(): boolean {
    return this.members.size > 0;
  }

  /** @throws BadCredential, AddressNotAllowed, Restricted, LimitReached, TooManySockets */
  async admit(socket: Socket, credential: Credential | undefined, address: string): Promise<void> {
    const ticket = await this.ticketOf(credential, address);
    const member: Member = {
      socket,
      ticket,
      address,
      expiresAt: expiryOf(ticket),
      checkedAt: 0,
      watched: new Map(),
      shown: new Map(),
    };
    await this.callerOf(member, true);
    if ([...this.members.values()].filter((one) => one.ticket.id === ticket.id).length >= MOST_OF_ONE_TICKET)
      throw new TooManySockets(MOST_OF_ONE_TICKET);
    // Whoever hung up meanwhile never connects, and so would never be seen to leave.
    if (socket.conn.readyState === 'open') this.members.set(socket.id, member);
  }

  /** @throws BadCredential when it has ended meanwhile */
  memberOf(socket: Socket): Member {
    const member = this.members.get(socket.id);
    if (!member) throw new BadCredential();
    return member;
  }

  /** Who stands behind it now; `isCounted` against the limits, as a request is. @throws BadCredential, AddressNotAllowed, Restricted, LimitReached */
  async callerOf(member: Member, isCounted: boolean): Promise<Caller> {
    const { tenantId, subject } = member.ticket;
    if (member.expiresAt <= this.clock.now().getTime()) throw new TokenOver();
    const buckets = isCounted ? this.limits.authenticated(tenantId, subject, undefined) : [];
    const { caller, passed } = await this.standings.find(member.ticket, buckets);
    this.limits.assert(passed.counts);
    if (!caller) throw new BadCredential();
    assertAllowedFrom(caller, member.address);
    if (caller.restriction) throw new Restricted(caller.restriction);
    member.checkedAt = this.clock.now().getTime();
    return caller;
  }

  /** @throws BadCredential unless it is a token of the same session */
  async renew(member: Member, token: string): Promise<void> {
    const ticket = await this.authenticator.read({ kind: 'jwt', token });
    if (ticket.id !== member.ticket.id || ticket.tenantId !== member.ticket.tenantId) throw new BadCredential();
    member.expiresAt = expiryOf(ticket);
  }

  /** @throws TooManyWatched; BadCredential when the socket left while its record was looked for */
  watch(member: Member, record: LiveRecord): void {
    const key = keyOf(record);
    this.memberOf(member.socket);
    if (member.watched.size >= MOST_WATCHED && !member.watched.has(key)) throw new TooManyWatched(MOST_WATCHED);
    member.watched.set(key, record);
    this.watchers.set(key, (this.watchers.get(key) ?? new Set()).add(member));
  }

  async unwatch(member: Member, record: LiveRecord): Promise<void> {
    const key = keyOf(record);
    member.watched.delete(key);
    const others = this.watchers.get(key);
    others?.delete(member);
    if (others?.size === 0) {
      this.watchers.delete(key);
      this.lastTold.delete(key);
    }
    await this.hide(member, record);
  }

  /** Lets the others see what somebody does at a record that they watch; undefined: nothing any more. @throws NotWatched */
  async show(member: Member, record: LiveRecord, doing: Omit<Present, 'since'> | undefined): Promise<void> {
    const key = keyOf(record);
    if (!member.watched.has(key)) throw new NotWatched();
    if (!doing) return this.hide(member, record);
    const before = member.shown.get(key);
    const since = before?.state === doing.state ? before.since : this.clock.now().toISOString();
    const present = { ...doing, since };
    member.shown.set(key, present);
    await this.presence.enter(record, member.socket.id, present);
    if (!this.members.has(member.socket.id)) await this.presence.leave(record, member.socket.id); // it left meanwhile
    await this.channel.tell({ presence: record });
  }

  private async hide(member: Member, record: LiveRecord): Promise<void> {
    if (!member.shown.delete(keyOf(record))) return;
    await this.presence.leave(record, member.socket.id);
    await this.channel.tell({ presence: record });
  }

  async left(socket: Socket): Promise<void> {
    const member = this.members.get(socket.id);
    if (!member) return;
    this.members.delete(socket.id);
    for (const record of [...member.watched.values()]) await this.unwatch(member, record);
  }

  async hear({ records = [], presence, tickets = [], told }: Hint): Promise<void> {
    await Promise.all([
      ...records.map((record) => this.tellChanged(record)),
      presence && this.tellPresence(presence),
      told && this.tellPerson(told),
      this.check([...this.members.values()].filter(({ ticket }) => tickets.includes(ticket.id))),
    ]);
  }

  /** Hints may have been lost: whoever shows something reads it again. */
  tellMissed(): void {
    for (const { socket } of this.members.values()) socket.emit('live:resync');
  }

  /** Ends those whose token is over, and looks at those whose standing was not looked at for long. */
  async checkDue(): Promise<void> {
    const now = this.clock.now().getTime();
    const longAgo = now - STANDING_SECONDS * 1000;
    await this.check([...this.members.values()].filter((one) => one.expiresAt <= now || one.checkedAt <= longAgo));
  }

  /** Says that who is seen is still there, and tells of those whose process said so no more. */
  async renewPresence(): Promise<void> {
    const watched = new Map<string, LiveRecord>();
    for (const member of this.members.values())
      for (const [key, record] of member.watched) {
        const present = member.shown.get(key);
        if (present) await this.presence.enter(record, member.socket.id, present);
        watched.set(key, record);
      }
    for (const record of watched.values()) await this.tellPresence(record);
  }

  /** So that clients connect again, to a process that stays. */
  release(): void {
    for (const { socket } of this.members.values()) socket.conn.close();
  }

  private async ticketOf(credential: Credential | undefined, address: string): Promise<Ticket> {
    try {
      if (!credential) throw new BadCredential();
      return await this.authenticator.read(credential);
    } catch (error) {
      const { counts } = await this.gate.pass(undefined, '', this.limits.anonymous(address, undefined));
      this.limits.assert(counts);
      throw error;
    }
  }

  private async tellChanged(record: LiveRecord): Promise<void> {
    for (const member of this.watchers.get(keyOf(record)) ?? []) await this.tell(member, record);
  }

  private async tell(member: Member, record: LiveRecord): Promise<void> {
    const { kind, id } = record;
    try {
      const { actor } = await this.callerOf(member, false);
      const isReadable = await runAs(actor, newId(), () => this.records.has(kind, id, actor));
      if (isReadable) member.socket.emit('record:changed', { kind, id });
      else await this.lose(member, record);
    } catch (error) {
      if (isRefusal(error)) await this.end(member, error);
      else member.socket.emit('live:resync'); // nothing could be asked: it will be told what is true when it asks itself
    }
  }

  /** By who holds the ticket, whose standing is looked at: a session that has ended hears nothing more. */
  private async tellPerson({ tenantId, userId, message, body }: Told): Promise<void> {
    const theirs = ({ ticket }: Member): boolean => ticket.tenantId === tenantId && ticket.subject === userId;
    const members = [...this.members.values()].filter(theirs);
    if (members.length) await this.check(members);
    for (const { socket } of members) if (this.members.has(socket.id)) socket.emit(message, body);
  }

  private async tellPresence(record: LiveRecord): Promise<void> {
    const key = keyOf(record);
    const members = this.watchers.get(key);
    if (!members) return;
    const presence = await this.presence.of(record);
    const text = JSON.stringify(presence);
    if (this.lastTold.get(key) === text || this.watchers.get(key) !== members) return; // the last of them may have left
    this.lastTold.set(key, text);
    for (const { socket } of members)
      socket.emit('presence:changed', { kind: record.kind, id: record.id, ...presence });
  }

  private async check(members: readonly Member[]): Promise<void> {
    for (const member of members) {
      try {
        const { actor } = await this.callerOf(member, false);
        await runAs(actor, newId(), () => this.dropUnreadable(member, actor));
      } catch (error) {
        if (isRefusal(error)) await this.end(member, error);
        else this.log.warn({ error: (error as Error).message }, 'a socket could not be checked');
      }
    }
  }

  private async dropUnreadable(member: Member, actor: Caller['actor']): Promise<void> {
    for (const record of [...member.watched.values()])
      if (!(await this.records.has(record.kind, record.id, actor))) await this.lose(member, record);
  }

  /** Told once, however many look at the same time. */
  private async lose(member: Member, record: LiveRecord): Promise<void> {
    if (!member.watched.has(keyOf(record))) return;
    member.socket.emit('record:gone', { kind: record.kind, id: record.id });
    await this.unwatch(member, record);
  }

  private async end(member: Member, error: unknown): Promise<void> {
    const { problem } = toProblem(error, '/socket.io', newId());
    member.socket.emit('session:ended', problem);
    await this.left(member.socket);
    member.socket.disconnect(true);
  }
}

/** Who asks is refused, in contrast to nobody being there to ask. */
const isRefusal = (error: unknown): boolean =>
  error instanceof DomainError && (error.kind === 'unauthenticated' || error.kind === 'forbidden');
