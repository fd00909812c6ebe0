import { createHash } from 'node:crypto';
import { Conflict, DomainError, Invalid, RuleBroken } from '@app/kernel';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import { INTERCEPTORS_METADATA, METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { firstValueFrom, from, type Observable } from 'rxjs';
import { Database } from '../database/index.js';
import { currentScope } from '../scope/index.js';

export const NEVER_STORED = 'nexus:never-stored';
/** For answers that must not rest in a table: tokens and keys. Such a route ignores `Idempotency-Key`. */
export const NeverStored = (): ClassDecorator & MethodDecorator => SetMetadata(NEVER_STORED, true);

class KeyReused extends RuleBroken {
  constructor() {
    super('idempotency_key_reused', 'This Idempotency-Key was used for another request');
  }
}

class StillRunning extends Conflict {
  constructor() {
    super('idempotency_key_in_use', 'The first request with this Idempotency-Key is still running', {
      retryAfterSeconds: 1,
    });
  }
}

type Stored = { mine: boolean; status: number | null; body: unknown; location: string | null; same: boolean | null };
/** `refusal`: what it says is true once this is committed. */
type Outcome = { readonly answer?: unknown; readonly refusal?: DomainError };

const LOOK = `with l as materialized (select pg_try_advisory_xact_lock(hashtextextended(encode($2::bytea, 'hex'), 0)) as mine)
  select l.mine, i.status, i.body, i.location, i.fingerprint = $3::bytea as same
  from l left join idempotency i on i.tenant_id = $1::uuid and i.key_hash = $2::bytea and i.at > clock_timestamp() - interval '24 hours'`;
const KEEP = `insert into idempotency (tenant_id, key_hash, fingerprint, status, body, location) values ($1, $2, $3, $4, $5::jsonb, $6)
  on conflict (tenant_id, key_hash) do update set fingerprint = excluded.fingerprint, status = excluded.status, body = excluded.body,
    location = excluded.location, at = clock_timestamp()`;

/**
 * `Idempotency-Key` on a POST: the answer is stored in the effect's own transaction, under an advisory lock that ends with
 * it, so there is no lease that a killed process could leave behind. Only what succeeded is stored. A refusal rolls back what
 * was tried, unless what was changed before it stands.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly db: Database,
    private readonly reflector: Reflector,
    discovery: DiscoveryService,
    scanner: MetadataScanner,
  ) {
    for (const { metatype } of discovery.getControllers()) {
      const prototype = metatype?.prototype as Record<string, object>;
      for (const name of scanner.getAllMethodNames(prototype)) this.bind(prototype[name] as object);
    }
  }

  /** To a POST alone, and before its route is made: one that is global would cost every read a fifth of its CPU. */
  private bind(handler: object): void {
    if (Reflect.getMetadata(METHOD_METADATA, handler) !== RequestMethod.POST) return;
    const own = (Reflect.getMetadata(INTERCEPTORS_METADATA, handler) ?? []) as object[];
    const others = own.filter((each) => !(each instanceof IdempotencyInterceptor)); // of an application before this one
    Reflect.defineMetadata(INTERCEPTORS_METADATA, [...others, this], handler);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    if (context.getType() !== 'http' || request.method !== 'POST' || key === undefined) return next.handle();
    const never = this.reflector.getAllAndOverride<boolean | undefined>(NEVER_STORED, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (never || !currentScope()?.actor) return next.handle();
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new Invalid('invalid_idempotency_key', 'Idempotency-Key takes 1 to 255 visible ASCII characters');
    }
    return from(this.once(key, request, context.switchToHttp().getResponse<FastifyReply>(), next));
  }

  private async once(key: string, request: FastifyRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const actor = currentScope()?.actor;
    const route = `${request.method} ${request.url.split('?')[0]}`;
    const keyHash = sha256(`${actor?.id}\n${route}\n${key}`);
    const fingerprint = sha256(`${request.url}\n${request.headers['if-match'] ?? ''}\n${bodyText(request.body)}`);
    const { answer, refusal } = await this.db.transaction<Outcome>(async () => {
      const stored = await this.db.one<Stored>(LOOK, [actor?.tenantId, keyHash, fingerprint]);
      if (stored?.status) return { answer: this.replay(stored, reply) };
      if (!stored?.mine) throw new StillRunning();
      const outcome = await outcomeOf(next);
      if (outcome.refusal) return outcome;
      const [body, location] = [JSON.stringify(outcome.answer ?? null), reply.getHeader('location') ?? null];
      await this.db.query(KEEP, [actor?.tenantId, keyHash, fingerprint, reply.statusCode, body, location]);
      return outcome;
    });
    if (refusal) throw refusal;
    return answer;
  }

  private replay(stored: Stored, reply: FastifyReply): unknown {
    if (!stored.same) throw new KeyReused();
    void reply.status(stored.status ?? 200).header('Idempotent-Replayed', 'true');
    if (stored.location) void reply.header('Location', stored.location);
    return stored.body ?? undefined;
  }
}

async function outcomeOf(next: CallHandler): Promise<Outcome> {
  try {
    return { answer: await firstValueFrom<unknown, undefined>(next.handle(), { defaultValue: undefined }) };
  } catch (error) {
    if (error instanceof DomainError && error.changesStand) return { refusal: error };
    throw error;
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const bodyText = (body: unknown): string =>
  Buffer.isBuffer(body) ? body.toString('base64') : JSON.stringify(body ?? null);
