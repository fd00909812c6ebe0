import { type Actor, newId } from '@app/kernel';
import { Logger, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io';
import { readCredential } from '../access/index.js';
import { Config } from '../config/index.js';
import { peerOf } from '../http/peer.js';
import { type Problem, toProblem } from '../http/problem.js';
import { InputPipe } from '../http/validation.pipe.js';
import { Drain } from '../lifecycle/index.js';
import { runAs } from '../scope/index.js';
import { PresenceDto, RecordDto, RenewalDto } from './live.dto.js';
import { LiveChannel } from './live-channel.js';
import { LiveSockets, type Member } from './live-sockets.js';
import { PRESENCE_SECONDS, PresenceBook } from './presence.js';
import { ReadableRecords } from './readable-records.js';

const CHECK_MS = 1000;
const RENEW_MS = (PRESENCE_SECONDS / 3) * 1000;

type Acting = { readonly member: Member; readonly actor: Actor };
type Answer = { readonly ok: boolean };

/**
 * Live updates over Socket.IO. A socket is as closed as a request: its token is shown at the handshake, every message
 * counts against the limits and meets the holder's standing of that moment, and it ends with its token or its session.
 * Messages are acknowledged with `{ ok: true, … }` or `{ ok: false, problem }`.
 */
@WebSocketGateway()
export class LiveGateway implements OnGatewayInit<Server>, OnGatewayDisconnect<Socket>, OnApplicationBootstrap {
  private readonly log = new Logger('live');
  private readonly input = new InputPipe();

  constructor(
    private readonly config: Config,
    private readonly sockets: LiveSockets,
    private readonly channel: LiveChannel,
    private readonly records: ReadableRecords,
    private readonly presence: PresenceBook,
    private readonly drain: Drain,
  ) {}

  afterInit(server: Server): void {
    const addressOf = peerOf(this.config.TRUST_PROXY);
    server.use((socket, next) => {
      this.admit(socket, addressOf(socket.request)).then(
        () => next(),
        (error: unknown) => next(Object.assign(new Error('refused'), { data: this.problemOf(error, 'handshake') })),
      );
    });
  }

  onApplicationBootstrap(): void {
    const heard = this.channel.listen(
      () => this.sockets.isAnybodyThere,
      (hint) => this.follow(this.sockets.hear(hint)),
      () => this.sockets.tellMissed(),
    );
    const timers = [
      setInterval(() => this.follow(this.sockets.checkDue()), CHECK_MS),
      setInterval(() => this.follow(this.sockets.renewPresence()), RENEW_MS),
    ];
    this.drain.onDrain('intake', 'sockets', () => {
      for (const timer of timers) clearInterval(timer);
      heard.disconnect();
      this.sockets.release();
      return Promise.resolve();
    });
  }

  handleDisconnect(socket: Socket): void {
    this.follow(this.sockets.left(socket));
  }

  @SubscribeMessage('record:watch')
  watch(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<Answer> {
    return this.answer(socket, 'record:watch', RecordDto, body, async ({ member, actor }, { kind, id }) => {
      const record = { tenantId: actor.tenantId, kind, id };
      await this.records.assert(kind, id, actor);
      this.sockets.watch(member, record);
      return this.presence.of(record);
    });
  }

  @SubscribeMessage('record:unwatch')
  unwatch(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<Answer> {
    return this.answer(socket, 'record:unwatch', RecordDto, body, async ({ member, actor }, { kind, id }) => {
      await this.sockets.unwatch(member, { tenantId: actor.tenantId, kind, id });
      return {};
    });
  }

  @SubscribeMessage('presence:set')
  show(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<Answer> {
    return this.answer(socket, 'presence:set', PresenceDto, body, async ({ member, actor }, { kind, id, state }) => {
      const record = { tenantId: actor.tenantId, kind, id };
      // whoever acts as somebody else is not seen as them: they are not there
      const isSeen = state !== 'away' && actor.impersonatorId === null;
      await this.sockets.show(member, record, isSeen ? { ...whoIs(actor), state } : undefined);
      return this.presence.of(record);
    });
  }

  @SubscribeMessage('auth:renew')
  renew(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<Answer> {
    return this.answer(socket, 'auth:renew', RenewalDto, body, async ({ member }, { token }) => {
      await this.sockets.renew(member, token);
      return {};
    });
  }

  /** The token is where a browser can put it, in `auth: { token }`, or in the headers of a request. */
  private async admit(socket: Socket, address: string): Promise<void> {
    const { token } = socket.handshake.auth as { token?: unknown };
    const credential =
      typeof token === 'string'
        ? ({ kind: 'jwt', token: token.replace(/^Bearer /i, '') } as const)
        : readCredential(socket.request.headers, this.config.AUTH_ALLOW_RAW_JWT);
    await this.sockets.admit(socket, credential, address);
  }

  private async answer<T extends object>(
    socket: Socket,
    message: string,
    shape: Type<T>,
    body: unknown,
    work: (acting: Acting, given: T) => Promise<object>,
  ): Promise<Answer> {
    try {
      const member = this.sockets.memberOf(socket);
      const { actor } = await this.sockets.callerOf(member, true);
      const given = (await this.input.transform(body, { type: 'body', metatype: shape })) as T;
      return { ok: true, ...(await runAs(actor, newId(), () => work({ member, actor }, given))) };
    } catch (error) {
      return { ok: false, problem: this.problemOf(error, message) } as Answer;
    }
  }

  private problemOf(error: unknown, message: string): Problem {
    const { problem } = toProblem(error, `/socket.io/${message}`, newId());
    if (problem.status >= 500) this.log.error({ err: error, requestId: problem.requestId }, problem.detail);
    return problem;
  }

  private follow(work: Promise<unknown>): void {
    work.catch((error: Error) => this.log.warn({ error: error.message }, 'live updates fell behind'));
  }
}

const whoIs = ({ id, name }: Actor): { userId: string; name: string } => ({ userId: id, name });
