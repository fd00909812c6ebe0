import { Injectable } from '@nestjs/common';
import { Database } from '../database/index.js';
import { currentTenantId } from '../scope/index.js';
import { LiveChannel } from './live-channel.js';

/** Tells one person how their own work goes, on whatever sockets they have. It may be lost: the row is the truth. */
@Injectable()
export class LivePeople {
  constructor(
    private readonly db: Database,
    private readonly channel: LiveChannel,
  ) {}

  /** Once the open transaction has committed. */
  tell(userId: string, message: string, body: object): void {
    const told = { tenantId: currentTenantId(), userId, message, body };
    this.db.afterCommit(() => this.channel.tell({ told }));
  }
}
