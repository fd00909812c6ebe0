import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Answer, Client, Nexus } from '../support/nexus.js';
import { aMail } from '../support/mails.js';

/** What became of one request: `ok` was acknowledged, `info` nobody knows (timeout, connection lost). */
export type Operation = {
  kind: 'customer' | 'mail';
  key: string;
  state: 'ok' | 'fail' | 'info';
  id: string | undefined;
};

/** What a dead worker had begun is taken over after this: no test waits the 15 seconds of production for it. */
export const WORKER_SILENCE_SECONDS = '4';

/** Between two requests of one writer: what the machine can work off beside the processes that a fault makes start. */
const PAUSE_MS = 50;
/** After an answer that asks for patience, and where nobody listens. */
const PATIENCE_MS = 200;

/** Writes customers and mails at a steady pace, and records every request and what was answered. */
export class Load {
  readonly operations: Operation[] = [];
  /** What was answered where the fault is the server's. */
  readonly faults: Answer[] = [];
  private running: Promise<void>[] = [];
  private stopped = false;

  constructor(
    private readonly client: Client,
    private readonly tag = randomUUID().slice(0, 8),
  ) {}

  start(writers = 4): this {
    this.running = Array.from({ length: writers }, (_, writer) => this.write(writer));
    return this;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.running);
  }

  /** Waits until so many more are acknowledged: a fault then strikes in the middle of work, not before it. */
  async more(operations: number): Promise<void> {
    const enough = this.acknowledged.length + operations;
    while (this.acknowledged.length < enough) await wait(5);
  }

  get acknowledged(): Operation[] {
    return this.operations.filter(({ state }) => state === 'ok');
  }

  /** Sends every request whose outcome nobody knows again, with the same key: afterwards each is known. */
  async resolveUnknown(): Promise<void> {
    for (const operation of this.operations.filter(({ state }) => state === 'info')) {
      const answer = await this.send(operation);
      if (answer.status >= 300)
        throw new Error(`${operation.key} is not resolved: ${answer.status} ${JSON.stringify(answer.body)}`);
      Object.assign(operation, { state: 'ok', id: answer.body.id });
    }
  }

  private async write(writer: number): Promise<void> {
    for (let index = 0; !this.stopped; index++) {
      const operation: Operation = {
        kind: index % 3 === 2 ? 'mail' : 'customer',
        key: `${this.tag}-${writer}-${index}`,
        state: 'info',
        id: undefined,
      };
      this.operations.push(operation);
      await wait(PAUSE_MS);
      try {
        const answer = await this.send(operation);
        if (answer.status < 300) Object.assign(operation, { state: 'ok', id: answer.body.id });
        else if (answer.status < 500) operation.state = 'fail';
        else {
          this.faults.push(answer);
          await wait(PATIENCE_MS);
        }
      } catch {
        await wait(PATIENCE_MS); // connection refused or reset: the request may have arrived
      }
    }
  }

  private send({ kind, key }: Operation): Promise<Answer> {
    if (kind === 'mail') {
      const body = aMail({
        messageId: `<${key}@load.example>`,
        from: `Load ${key} <${key}@load.example>`,
        subject: `Load ${key}`,
      }).replace(/^Date: .*\r\n/m, '');
      return this.client.post('mail/raw', undefined, { raw: { type: 'message/rfc822', body } });
    }
    return this.client.post(
      'customers',
      { firstName: 'Load', lastName: key, email: `${key}@customer.example` },
      { headers: { 'idempotency-key': key } },
    );
  }
}

/** The checkers: nothing acknowledged is lost, nothing happened twice, everything that must follow has followed. */
export async function check(nexus: Nexus, load: Load): Promise<string[]> {
  const count = async (sql: string, values: unknown[] = []): Promise<number> =>
    Number((await nexus.superuser.query(sql, values)).rows[0]?.n);
  const faults: string[] = [];
  const expectZero = async (what: string, sql: string, values: unknown[] = []): Promise<void> => {
    const found = await count(sql, values);
    if (found !== 0) faults.push(`${found} ${what}`);
  };
  const ids = (kind: Operation['kind']): string[] =>
    load.acknowledged.filter((operation) => operation.kind === kind).map(({ id }) => id as string);
  await expectZero(
    'acknowledged customers lost',
    'select count(*) as n from unnest($1::uuid[]) id where not exists (select 1 from customers c where c.id = id)',
    [ids('customer')],
  );
  await expectZero(
    'acknowledged mails lost',
    'select count(*) as n from unnest($1::uuid[]) id where not exists (select 1 from mails m where m.id = id)',
    [ids('mail')],
  );
  await expectZero(
    'customers twice',
    "select count(*) as n from (select email from customers where email like '%@customer.example' or email like '%@load.example' group by tenant_id, email having count(*) > 1) d",
  );
  await expectZero(
    'mails without their inquiry',
    "select count(*) as n from mails where effective_message_id like '%@load.example>' and inquiry_id is null",
  );
  await expectZero(
    'mails in more than one inquiry',
    'select count(*) as n from (select mail_id from inquiry_messages where mail_id is not null group by tenant_id, mail_id having count(*) > 1) d',
  );
  await expectZero('open deliveries', "select count(*) as n from deliveries where state in ('pending', 'running')");
  await expectZero('dead letters', "select count(*) as n from deliveries where state = 'dead'");
  await expectZero(
    'events that wait',
    'select count(*) as n from outbox where published_at is null and run_at <= now()',
  );
  await expectZero(
    'customers without their audit row',
    "select count(*) as n from customers c where not exists (select 1 from audit_log a where a.tenant_id = c.tenant_id and a.entity = 'customers' and a.entity_id = c.id::text and a.action = 'created')",
  );
  await expectZero(
    'sessions idle in a transaction',
    "select count(*) as n from pg_stat_activity where state like 'idle in transaction%' and datname = current_database() and state_change < now() - interval '5 seconds'",
  );
  const subjects = nexus.sink.messages().map(({ messageId }) => messageId);
  const twice = subjects.filter((id, index) => subjects.indexOf(id) !== index);
  if (twice.length) faults.push(`${twice.length} mails sent twice`);
  return faults;
}

/** Ends the load, learns of every request what became of it, waits for all that must follow, and asks the checkers. */
export async function checked(nexus: Nexus, load: Load): Promise<void> {
  await load.stop();
  await load.resolveUnknown();
  await nexus.settled(60_000);
  expect(load.acknowledged.length).toBeGreaterThan(5);
  // asked again for a while: a schedule may have put something in between just now
  await expect.poll(() => check(nexus, load), { timeout: 5_000, interval: 250 }).toEqual([]);
}
