import { Config, currentTenantId, Database, onConstraint, SecretsAtRest, SecretUnreadable } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MailboxInTrash } from '../mailboxes/mailbox.errors.js';
import { Mailbox } from '../mailboxes/mailbox.entity.js';
import { ImapContended, ImapNotConfigured, ImapPlainRefused } from './imap.errors.js';
import { type ImapSettings, ImapSource, placeOfPassword } from './imap-source.entity.js';

/** From which server a mailbox is polled, and when. */
@Injectable()
export class ImapSources {
  constructor(
    private readonly db: Database,
    private readonly config: Config,
    private readonly secrets: SecretsAtRest,
  ) {}

  /**
   * New settings, or others in their place; the mailbox is polled at once. Another folder is read from its beginning.
   * @throws RecordNotFound, MailboxInTrash, ImapPasswordNeeded, ImapPlainRefused, VersionConflict
   */
  configure(id: string, settings: ImapSettings, password: string | undefined, version?: number): Promise<void> {
    if (settings.security === 'none' && this.config.NODE_ENV === 'production') throw new ImapPlainRefused();
    const sealed = password === undefined ? undefined : this.seal(id, password);
    return this.db
      .transaction(async () => {
        await this.assertInUse(id);
        const standing = await this.db.find(ImapSource, id);
        if (!standing) await this.db.create(ImapSource.of(id, settings, sealed));
        else await this.change(id, settings, sealed, version);
        await this.begin(id);
      })
      .catch(onConstraint('imap_sources_pkey', () => new ImapContended()));
  }

  /** The settings as a poll needs them: sealed anew when the encryption key has changed since. @throws RecordNotFound */
  async toPoll(id: string): Promise<ImapSource> {
    const source = await this.db.get(ImapSource, id);
    if (this.secrets.isCurrent(source.password)) return source;
    const place = placeOfPassword(source.tenantId, id);
    const sealAnew = (one: ImapSource): void =>
      one.sealAnew(this.secrets.seal(this.secrets.open(one.password, place), place));
    return this.db.change(ImapSource, id, undefined, sealAnew).catch((error: unknown) => {
      if (error instanceof SecretUnreadable) return source; // the poll says so
      throw error;
    });
  }

  /** What was read stays, and so do the mails on the server. @throws ImapNotConfigured */
  async remove(id: string, version?: number): Promise<void> {
    await this.db.transaction(async () => {
      if (!(await this.db.find(ImapSource, id))) throw new ImapNotConfigured(id);
      await this.db.remove(await this.db.lock(ImapSource, id, version));
    });
  }

  /** Polls as soon as a worker is free, compares all ids, and asks again for what is missing. @throws ImapNotConfigured, MailboxInTrash */
  async pollNow(id: string): Promise<void> {
    await this.assertInUse(id);
    const found = await this.db.query(
      'update imap_polls set next_poll_at = clock_timestamp(), wants_comparison = true where tenant_id = $1 and id = $2 returning 1',
      [currentTenantId(), id],
    );
    if (!found.length) throw new ImapNotConfigured(id);
  }

  private async change(
    id: string,
    settings: ImapSettings,
    sealed: string | undefined,
    version?: number,
  ): Promise<void> {
    const source = await this.db.lock(ImapSource, id, version);
    const isSameFolder = source.isSameFolder(settings);
    source.edit(settings, sealed);
    await this.db.save(source);
    if (!isSameFolder)
      await this.db.query('delete from imap_polls where tenant_id = $1 and id = $2', [currentTenantId(), id]);
  }

  private async begin(id: string): Promise<void> {
    await this.db.query(
      `insert into imap_polls (tenant_id, id) values ($1, $2)
       on conflict (tenant_id, id) do update set next_poll_at = clock_timestamp(), failures = 0`,
      [currentTenantId(), id],
    );
  }

  private async assertInUse(id: string): Promise<void> {
    const { deletedAt } = await this.db.get(Mailbox, id);
    if (deletedAt) throw new MailboxInTrash(id);
  }

  private seal(id: string, password: string): string {
    return this.secrets.seal(password, placeOfPassword(currentTenantId(), id));
  }
}
