import { Clock } from '@app/kernel';
import { currentTenantId, Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DefaultMailboxContended, MailboxAddressTaken, MailboxTeamUnknown } from './mailbox.errors.js';
import { Mailbox, type MailboxSettings } from './mailbox.entity.js';

const UNSAID = {
  ...{ teamId: null, createsCustomers: true, signsReplyAddress: false, authServer: null, isDefault: false },
  messageVisibility: 'all',
} as const;

export type NewMailbox = Pick<MailboxSettings, 'address' | 'name'> & Partial<MailboxSettings>;

@Injectable()
export class MailboxesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** The first mailbox of a tenant is its default. @throws MailboxAddressTaken, MailboxTeamUnknown */
  open(given: NewMailbox): Promise<Mailbox> {
    const settings = { ...UNSAID, ...given };
    return this.written(settings.address, async () => {
      const [standing] = await this.db.findWhere(Mailbox, 'tenant_id = $1 and is_default', [currentTenantId()]);
      const isDefault = settings.isDefault || !standing;
      const mailbox = Mailbox.open({ ...settings, isDefault });
      if (isDefault) await this.takeDefaultFrom(standing);
      return this.db.create(mailbox);
    });
  }

  edit(id: string, settings: Partial<MailboxSettings>, version?: number): Promise<Mailbox> {
    return this.written(settings.address ?? '', async () => {
      const mailbox = await this.db.lock(Mailbox, id, version);
      if (settings.isDefault && !mailbox.isDefault) {
        const [standing] = await this.db.findWhere(Mailbox, 'tenant_id = $1 and is_default', [currentTenantId()]);
        await this.takeDefaultFrom(standing);
      }
      mailbox.edit(settings);
      return this.db.save(mailbox);
    });
  }

  /** Mail to its address is from now on a matter of the default mailbox. */
  async trash(id: string, version?: number): Promise<void> {
    await this.db.change(Mailbox, id, version, (mailbox) => mailbox.trash(this.clock.now()));
  }

  restore(id: string, version?: number): Promise<Mailbox> {
    return this.written('', () => this.db.change(Mailbox, id, version, (mailbox) => mailbox.restore()));
  }

  private async takeDefaultFrom(standing: Mailbox | undefined): Promise<void> {
    if (standing) await this.db.change(Mailbox, standing.id, undefined, (mailbox) => mailbox.yieldDefault());
  }

  private written(address: string, write: () => Promise<Mailbox>): Promise<Mailbox> {
    return this.db
      .transaction(write)
      .catch(onConstraint('mailboxes_address_is_unique', () => new MailboxAddressTaken(address)))
      .catch(onConstraint('mailboxes_team', () => new MailboxTeamUnknown()))
      .catch(onConstraint('mailboxes_one_is_default', () => new DefaultMailboxContended()));
  }
}
