import { Database, Drain, Every, runAsSystem } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { ImapPoll } from './imap-poll.service.js';

/** Beside each other in one worker. Servers that hang hold places here, and none of those that other work waits for. */
const MOST_AT_ONCE = 8;

type Due = { readonly tenantId: string; readonly id: string };

/** Starts the polls that are due: `imap_polls` is the schedule, and the lease in it lets one of all workers poll. */
@Injectable()
export class ImapPoller {
  private readonly log = new Logger('imap');
  private readonly running = new Map<string, { done: Promise<void>; abort: AbortController }>();
  private isStopping = false;

  constructor(
    private readonly db: Database,
    private readonly poll: ImapPoll,
    drain: Drain,
  ) {
    drain.onDrain('intake', 'imap polls', () => this.stop());
  }

  @Every(2)
  async pollDue(): Promise<void> {
    const free = MOST_AT_ONCE - this.running.size;
    if (this.isStopping || free <= 0) return;
    const due = await this.db.query<Due>('select tenant_id as "tenantId", id from imap_polls_due($1)', [free]);
    for (const one of due) if (!this.isStopping && !this.running.has(one.id)) this.start(one);
  }

  private start({ tenantId, id }: Due): void {
    const abort = new AbortController();
    const done = runAsSystem(tenantId, 'mail.poll-mailbox', id, () => this.poll.poll(id, abort.signal))
      .then(() => undefined)
      .catch((error: Error) => this.log.error({ mailbox: id, error: error.message }, 'a poll broke off'))
      .finally(() => this.running.delete(id));
    this.running.set(id, { done, abort });
  }

  private async stop(): Promise<void> {
    this.isStopping = true;
    const polls = [...this.running.values()];
    polls.forEach(({ abort }) => abort.abort());
    await Promise.all(polls.map(({ done }) => done));
  }
}
