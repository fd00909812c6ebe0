import { Metrics } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { ImapFault } from './imap.errors.js';
import { ImapClient } from './imap-client.js';
import { fault, faultOf, isRefusal } from './imap-faults.js';
import { ImapPolls, TenantHeld, type Turn, TurnLost } from './imap-polls.js';
import { ImapReader } from './imap-reader.js';
import { ImapSources } from './imap-sources.service.js';

/** One poll of one mailbox, from the lease to what its row says of it. */
@Injectable()
export class ImapPoll {
  private readonly log = new Logger('imap');
  private readonly ended;

  constructor(
    private readonly sources: ImapSources,
    private readonly client: ImapClient,
    private readonly polls: ImapPolls,
    private readonly reader: ImapReader,
    metrics: Metrics,
  ) {
    this.ended = metrics.counter('mail_imap_polls_total', 'Polls of mailboxes by how they ended.', ['outcome']);
  }

  /**
   * False when another worker polls it, or there is nothing to poll. A server that fails is no error of ours: its fault is
   * on the row. `signal` ends the poll at once, for another worker to go on.
   */
  async poll(mailboxId: string, signal: AbortSignal = new AbortController().signal): Promise<boolean> {
    const turn = await this.polls.take(mailboxId);
    if (!turn) return false;
    try {
      await this.polls.succeed(turn, await this.read(turn, signal));
      this.ended.inc({ outcome: 'ok' });
    } catch (error) {
      await this.end(turn, error, signal);
    }
    return true;
  }

  private async read(turn: Turn, signal: AbortSignal): Promise<boolean> {
    const source = await this.sources.toPoll(turn.id);
    const session = await this.client.open(source, signal);
    return this.reader.read(session, turn, source).finally(() => session.close());
  }

  private async end(turn: Turn, error: unknown, signal: AbortSignal): Promise<void> {
    const isTheirs = error instanceof ImapFault || isRefusal(error);
    const isStopped = signal.aborted || error instanceof TenantHeld;
    const outcome = error instanceof TurnLost ? 'lost' : isStopped ? 'stopped' : isTheirs ? 'failed' : 'broken';
    this.ended.inc({ outcome });
    if (outcome === 'lost') return;
    const said = isTheirs ? faultOf(error) : fault('interrupted');
    this.log.warn({ mailbox: turn.id, outcome, code: said.code, error: said.message });
    const told = outcome === 'stopped' ? this.polls.yield(turn) : this.polls.fail(turn, said);
    await told.catch((failure: unknown) => {
      if (!(failure instanceof TurnLost)) throw failure;
    });
    if (outcome === 'broken') throw error;
  }
}
