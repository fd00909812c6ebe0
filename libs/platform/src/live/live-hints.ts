import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../database/index.js';
import { type GuardedRecords, GuardedRecordsPort, Ports } from '../ports/index.js';
import { LiveChannel, type LiveRecord } from './live-channel.js';

type Fact = { readonly payload: object };

/**
 * Tells of every record that a committed event names, at once and from the process that wrote it. All commits of one turn
 * of the loop are told together, each record once.
 */
@Injectable()
export class LiveHints implements OnApplicationBootstrap {
  private due = new Map<string, LiveRecord>();

  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
    private readonly channel: LiveChannel,
  ) {}

  onApplicationBootstrap(): void {
    const kinds = this.ports.all(GuardedRecordsPort);
    this.db.onOutbox((tenantId, facts) => this.note(tenantId, facts, kinds));
  }

  private note(tenantId: string, facts: readonly Fact[], kinds: readonly GuardedRecords[]): void {
    const isIdle = this.due.size === 0;
    for (const { kind, namedBy } of kinds) {
      for (const { payload } of facts) {
        const id = (payload as Record<string, unknown>)[namedBy];
        if (typeof id === 'string') this.due.set(`${tenantId}:${kind}:${id}`, { tenantId, kind, id });
      }
    }
    if (isIdle && this.due.size > 0) setImmediate(() => this.send());
  }

  private send(): void {
    const records = [...this.due.values()];
    this.due = new Map();
    void this.channel.tell({ records });
  }
}
