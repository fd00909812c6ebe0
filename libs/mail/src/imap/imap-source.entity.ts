import { Aggregate } from '@app/kernel';
import type { RestingPlace } from '@app/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ImapPasswordNeeded } from './imap.errors.js';

/** `tls`: from the first byte; `starttls`: before the login, or not at all; `none`: in the clear, for tests. */
export const SECURITIES = ['tls', 'starttls', 'none'] as const;
export type ImapSecurity = (typeof SECURITIES)[number];

export type ImapSettings = {
  host: string;
  port: number;
  security: ImapSecurity;
  username: string;
  folder: string;
  /** Seconds between two polls. */
  intervalSeconds: number;
  /** Sets \Seen on what is stored. Nothing is ever deleted. */
  marksSeen: boolean;
};

/** Where the password rests. */
export const placeOfPassword = (tenantId: string, mailboxId: string): RestingPlace => ({
  tenantId,
  table: 'imap_sources',
  column: 'password',
  id: mailboxId,
});

/** The server that a mailbox is polled from. Its id is the mailbox's. */
@Entity('imap_sources')
export class ImapSource extends Aggregate<ImapSource> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly host: string;
  @Column('int') readonly port: number;
  @Column('text') readonly security: ImapSecurity;
  @Column('text') readonly username: string;
  /** Sealed. */
  @Column('text') readonly password: string;
  @Column('text') readonly folder: string;
  @Column('int') readonly intervalSeconds: number;
  @Column('boolean') readonly marksSeen: boolean;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  /** `sealed`: the password. @throws ImapPasswordNeeded */
  static of(mailboxId: string, settings: ImapSettings, sealed: string | undefined): ImapSource {
    if (sealed === undefined) throw new ImapPasswordNeeded();
    return new ImapSource().change({ ...settings, id: mailboxId, password: sealed });
  }

  /** Without `sealed` the password stays, as long as it is sent to the same place. @throws ImapPasswordNeeded */
  edit(settings: ImapSettings, sealed: string | undefined): void {
    if (sealed === undefined && !this.isSameLogin(settings)) throw new ImapPasswordNeeded();
    this.change({ ...settings, ...(sealed !== undefined && { password: sealed }) });
  }

  sealAnew(sealed: string): void {
    this.change({ password: sealed });
  }

  /** Ids of mails mean something only within one folder of one user of one server. */
  isSameFolder(of: Pick<ImapSettings, 'host' | 'port' | 'username' | 'folder'>): boolean {
    return this.host === of.host && this.port === of.port && this.username === of.username && this.folder === of.folder;
  }

  private isSameLogin({ host, port, security, username }: ImapSettings): boolean {
    return this.host === host && this.port === port && this.security === security && this.username === username;
  }
}
