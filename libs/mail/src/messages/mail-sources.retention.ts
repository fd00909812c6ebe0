import { Clock, type PayloadOf } from '@app/kernel';
import {
  currentTenantId,
  Database,
  FileStore,
  forgetBytes,
  Handles,
  Jobs,
  Ports,
  Provides,
  type Retention,
  RetentionPort,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ForgetSource, forgottenAt } from './mail.jobs.js';

const BATCH = 500;

/** What was read of such mails stays, and so does the hash: the same mail again is still known. Not what is yet to be read. */
const GIVE_UP = `update mails m set source_deleted_at = $2, version = m.version + 1, updated_at = $2
  from (select id from mails where tenant_id = $1 and received_at < $3 and source_deleted_at is null
      and state in ('routed', 'ignored', 'duplicate') order by received_at limit ${BATCH} for update skip locked) over_
  where m.tenant_id = $1 and m.id = over_.id returning m.raw_hash as hash`;

@Injectable()
@Provides(RetentionPort)
export class MailSources implements Retention {
  readonly kind = 'mail_sources';
  readonly description = 'Raw sources of mails that were read and routed; what was read of them stays';
  readonly usualDays = null;
  readonly leastDays = 7;

  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  async purge(before: Date): Promise<number> {
    for (let gone = 0; ;) {
      const given = await this.db.transaction(() => this.giveUp(before));
      gone += given;
      if (given < BATCH) return gone;
    }
  }

  private async giveUp(before: Date): Promise<number> {
    const now = this.clock.now();
    const sources = await this.db.query<{ hash: string }>(GIVE_UP, [currentTenantId(), now, before]);
    const at = forgottenAt(now);
    await this.jobs.enqueueAll(
      ForgetSource,
      sources.map(({ hash }) => ({ payload: { hash }, at })),
    );
    return sources.length;
  }
}

@Injectable()
export class MailSourcesWorker {
  constructor(
    private readonly db: Database,
    private readonly files: FileStore,
    private readonly ports: Ports,
  ) {}

  @Handles(ForgetSource)
  forget({ hash }: PayloadOf<typeof ForgetSource>): Promise<void> {
    return forgetBytes(hash, { db: this.db, files: this.files, ports: this.ports });
  }
}
