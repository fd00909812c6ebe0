import pg from 'pg';
import { currentScope } from '../scope/index.js';

type PoolClient = pg.PoolClient & { connection: { stream: { destroy(error?: Error): void } } };
type Release = (error?: Error | boolean) => void;
type ConnectCallback = (error: Error | undefined, client: pg.PoolClient | undefined, release: Release) => void;

const carried = new WeakMap<object, string>();
const SET_TENANT = "select set_config('app.tenant_id',$1,false)";

/**
 * pg's pool; each checkout hands out a connection that carries the caller's tenant, set only when it differs from what
 * the connection last carried. The scope is read when `connect` is called, never in the pool's callback: that runs in
 * the releaser's context (wrong tenant in 711 of 1,000 when tried).
 */
export class ScopedPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | void {
    if (!callback) {
      return new Promise((resolve, reject) =>
        this.connect((error, client) =>
          client ? resolve(client) : reject(error ?? new Error('The pool gave no connection')),
        ),
      );
    }
    const tenantId = currentScope()?.actor?.tenantId ?? '';
    super.connect(((error: Error | undefined, client: PoolClient | undefined, release: Release) => {
      if (error || !client) return callback(error, undefined, release);
      if (carried.get(client) === tenantId) return callback(undefined, client, release);
      this.carry(client, tenantId, release, callback);
    }) as never);
  }

  private carry(client: PoolClient, tenantId: string, release: Release, callback: ConnectCallback): void {
    carried.delete(client);
    const guard = (): void => {}; // between the pool's idle listener and the caller's nobody listens for 'error'
    client.on('error', guard);
    client.query({ name: 'scope', text: SET_TENANT, values: [tenantId] }).then(
      () => {
        client.off('error', guard);
        carried.set(client, tenantId);
        callback(undefined, client, release);
      },
      (failure: Error) => {
        release(failure); // in doubt: destroyed, never reused
        callback(failure, undefined, () => {});
      },
    );
  }
}

const names = new Map<string, string>();
const MOST_NAMES = 800;

/** One name per text, first come: PostgreSQL parses and plans a named statement once per connection. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known || names.size >= MOST_NAMES) return known;
  const name = `n${names.size}`;
  names.set(text, name);
  return name;
}

let sent = 0;
/** Messages sent to PostgreSQL on somebody's behalf by this process; tests count statements per route with it. */
export const statementsSent = (): number => sent;

type Waiting = { readonly patienceMs: number; askedAt: number; giveUp(): void };
const LOOK_EVERY_MS = 250;
const waiting = new Set<Waiting>();
let look: NodeJS.Timeout | undefined;

/**
 * One timer for all connections looks for those whose server has gone silent. A look that comes late follows upon a loop that
 * was blocked: what has arrived meanwhile is read first.
 */
function watch(): void {
  let last = Date.now();
  look ??= setInterval(() => {
    const now = Date.now();
    const isLate = now - last > 2 * LOOK_EVERY_MS;
    last = now;
    if (isLate) return;
    for (const each of waiting) if (now - each.askedAt > each.patienceMs) each.giveUp();
  }, LOOK_EVERY_MS).unref();
}

/**
 * A transaction tells the audit trigger who acts in the very message that opens it, so for no extra round trip; the
 * settings are local to the transaction and gone with it. Parametrised statements are named. A connection that has been
 * silent for `query_timeout` is given up: pg's own way, a timer for each statement, keeps every result alive through the
 * next young collections, which costs a list a quarter of its CPU.
 */
export class ScopedClient extends pg.Client implements Waiting {
  readonly patienceMs: number;
  askedAt = 0;

  constructor({ query_timeout: patienceMs, ...config }: pg.ClientConfig = {}) {
    super(config);
    this.patienceMs = patienceMs ?? Infinity;
    const answered = (): void => void waiting.delete(this);
    this.on('drain', answered).on('end', answered);
    watch();
  }

  giveUp(): void {
    waiting.delete(this);
    (this as unknown as PoolClient).connection.stream.destroy(new Error('Query read timeout'));
  }

  // The signature is pg's own family of overloads; what differs is only the text that leaves.
  override query(...args: unknown[]): never {
    if (currentScope()) sent++;
    this.askedAt = Date.now();
    waiting.add(this);
    return (super.query as (...given: unknown[]) => never).apply(this, toSend(args));
  }
}

function toSend(args: unknown[]): unknown[] {
  const [text, values, ...rest] = args;
  if (typeof text !== 'string') return args;
  if (text === 'START TRANSACTION' || text.startsWith('START TRANSACTION '))
    return [`${text}; ${whoActs()}`, values, ...rest];
  if (!Array.isArray(values) || values.length === 0) return args;
  const name = nameOf(text);
  if (!name) return args;
  const [callback] = rest;
  return callback ? [namedQuery(name, text, values, callback)] : [{ name, text, values }];
}

type NamedQuery = pg.Query & { name: string };
type QueryConstructor = new (text: string, values: unknown[], callback: unknown) => NamedQuery;

/** Ready made: of a plain object pg first copies every property descriptor, for more than the rest of its own work. */
function namedQuery(name: string, text: string, values: unknown[], callback: unknown): NamedQuery {
  return Object.assign(new (pg.Query as unknown as QueryConstructor)(text, values, callback), { name });
}

function whoActs(): string {
  const scope = currentScope();
  const actor = scope?.actor;
  const settings = {
    'app.actor_id': actor?.id,
    'app.actor_name': actor?.name,
    'app.request_id': scope?.requestId,
    'app.impersonator_id': actor?.impersonatorId,
  };
  const calls = Object.entries(settings).map(
    ([key, value]) => `set_config('${key}',${pg.escapeLiteral(value ?? '')},true)`,
  );
  return `SELECT ${calls.join(',')}`;
}

/** What TypeORM takes as its `driver`: pg with our pool. The client class goes in through `extra.Client`. */
export const scopedDriver = { ...pg, Pool: ScopedPool, defaults: pg.defaults, types: pg.types };
