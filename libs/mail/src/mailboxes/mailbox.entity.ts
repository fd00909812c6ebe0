import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { normaliseEmail } from '../parsing/index.js';
import { MailboxAddressInvalid, MailboxInTrash } from './mailbox.errors.js';
import type { Visibility } from './mailbox.policy.js';

export type MailboxSettings = {
  address: string;
  name: string;
  /** Who reads and answers its mail. */
  teamId: string | null;
  isDefault: boolean;
  /** Whether a stranger who writes here becomes a customer. */
  createsCustomers: boolean;
  /** Whether answers ask for replies at `address+token`, which its server must take; they then find their inquiry by that. */
  signsReplyAddress: boolean;
  /** The name under which the server in front of it signs Authentication-Results (RFC 8601); nobody else's are believed. */
  authServer: string | null;
  /** Who may read what arrives there, unless it is said otherwise of a message. */
  messageVisibility: Visibility;
};

/** An address of the company that customers write to. */
@Entity('mailboxes')
export class Mailbox extends Aggregate<Mailbox> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly address: string;
  @Column('text') readonly name: string;
  @Column('uuid', { nullable: true }) readonly teamId: string | null;
  @Column('boolean') readonly isDefault: boolean;
  @Column('boolean') readonly createsCustomers: boolean;
  @Column('boolean') readonly signsReplyAddress: boolean;
  @Column('text', { nullable: true }) readonly authServer: string | null;
  @Column('text') readonly messageVisibility: Visibility;
  @Column('timestamptz', { nullable: true }) readonly deletedAt: Date | null;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  /** @throws MailboxAddressInvalid */
  static open(settings: MailboxSettings, id: string = newId()): Mailbox {
    const mailbox = new Mailbox().change({ id, deletedAt: null });
    mailbox.edit(settings);
    return mailbox;
  }

  /** @throws MailboxAddressInvalid, MailboxInTrash */
  edit(settings: Partial<MailboxSettings>): void {
    if (this.deletedAt) throw new MailboxInTrash(this.id);
    const { address, authServer, ...others } = settings;
    this.change(others);
    if (address !== undefined) this.change({ address: spelled(address) });
    if (authServer !== undefined) this.change({ authServer: authServer?.trim().toLowerCase() ?? null });
  }

  yieldDefault(): void {
    this.change({ isDefault: false });
  }

  trash(now: Date): void {
    if (!this.deletedAt) this.change({ deletedAt: now, isDefault: false });
  }

  restore(): void {
    this.change({ deletedAt: null });
  }
}

function spelled(address: string): string {
  const normalised = normaliseEmail(address);
  if (normalised === null) throw new MailboxAddressInvalid();
  return normalised;
}
