import { isIP } from 'node:net';
import { lazily } from '@app/kernel';
import { Outbound, SecretsAtRest, SecretUnreadable } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type * as Imap from 'imapflow';
import { MAIL_LIMITS } from '../parsing/limits.js';
import { fault, faultOf, isRefusal } from './imap-faults.js';
import { type ImapSource, placeOfPassword } from './imap-source.entity.js';
import { IMAP_BOUNDS, type ImapBounds, ImapSession } from './imap-session.js';

const imapflow = lazily(import.meta.url, (load) => load('imapflow') as typeof Imap);

const SLACK_BYTES = 1024 * 1024;
/** A line that names a million ids. */
const LONGEST_LINE_BYTES = 16 * 1024 * 1024;

/** Opens folders of other servers. */
@Injectable()
export class ImapClient {
  readonly bounds: ImapBounds = IMAP_BOUNDS;

  constructor(
    private readonly secrets: SecretsAtRest,
    private readonly outbound: Outbound,
  ) {}

  /** Read only, unless what is stored is to be marked. `signal` ends it at once. @throws ImapFault */
  async open(source: ImapSource, signal: AbortSignal): Promise<ImapSession> {
    const { ImapFlow } = imapflow();
    const auth = { user: source.username, pass: this.passwordOf(source) };
    const host = await this.outbound.addressOf(source.host, this.bounds.connect).catch((error: unknown) => {
      throw faultOf(error);
    });
    const client = new ImapFlow({ ...this.optionsOf(source), host, auth });
    const session = new ImapSession(client, this.bounds);
    const end = (): unknown => session.abort(fault('disconnected', 'this process is stopping'));
    signal.addEventListener('abort', end, { once: true });
    try {
      await session.ask(() => client.connect().then(() => this.openFolder(client, source)));
      return session;
    } catch (error) {
      throw session.abort(error);
    }
  }

  private async openFolder(client: Imap.ImapFlow, { folder, marksSeen }: ImapSource): Promise<void> {
    const opened = await client.mailboxOpen(folder, { readOnly: !marksSeen }).catch((error: unknown) => {
      throw isRefusal(error) ? fault('folder_missing', error.responseText) : error;
    });
    if (!opened?.uidValidity) throw fault('protocol_violated', 'the folder has no UIDVALIDITY');
  }

  private passwordOf({ tenantId, id, password }: ImapSource): string {
    try {
      return this.secrets.open(password, placeOfPassword(tenantId, id));
    } catch (error) {
      throw error instanceof SecretUnreadable ? fault('password_unreadable') : error;
    }
  }

  private optionsOf({ host, port, security }: ImapSource): Omit<Imap.ImapFlowOptions, 'host'> {
    return {
      // connected to by the address that was checked, and believed by its name
      ...(isIP(host) ? {} : { servername: host }),
      port,
      secure: security === 'tls',
      doSTARTTLS: security === 'tls' ? undefined : security === 'starttls',
      logger: false,
      disableAutoIdle: true,
      disableIMAP4rev2: true, // its searches are cut at what the server claims: they could not contradict it
      connectionTimeout: this.bounds.connect,
      greetingTimeout: this.bounds.connect,
      socketTimeout: 10 * this.bounds.step, // it also counts while we store and ask nothing: the session keeps watch itself
      maxLineLength: LONGEST_LINE_BYTES,
      maxLiteralSize: MAIL_LIMITS.maxBytes + SLACK_BYTES,
      maxResponseSize: MAIL_LIMITS.maxBytes + 2 * SLACK_BYTES + LONGEST_LINE_BYTES,
    };
  }
}
