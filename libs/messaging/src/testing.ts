import { newId } from '@app/kernel';
import type { AddressInfo, Socket } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { OutgoingMail } from './messages/outgoing-mail.js';

/** A mail that is about a record of its own; a test names only what matters. */
export const aMail = (over: Partial<OutgoingMail> = {}): OutgoingMail => ({
  to: [{ address: 'asha@example.com', name: 'Asha Rao' }],
  subject: 'Your inquiry',
  text: 'Thank you for writing to us.',
  purpose: 'transactional',
  about: { kind: 'response', id: newId(), revision: 1 },
  ...over,
});

export type ReceivedMail = {
  from: string;
  recipients: string[];
  headers: Record<string, string>;
  subject: string;
  text: string;
  raw: string;
};

/** What the server says: to a recipient, or to the text once it has all of it. `drop` takes it and hangs up without a word. */
type Reply = 'accept' | 'drop' | { code: number; text: string };

/** A real SMTP server that keeps what it takes and fails on request. */
export class TestSmtpServer {
  readonly received: ReceivedMail[] = [];
  /** Sessions that were opened, whatever became of them. */
  connections = 0;
  toRecipient: (address: string) => Reply = () => 'accept';
  toText: (mail: ReceivedMail) => Reply | Promise<Reply> = () => 'accept';

  private readonly sockets = new Map<number, Socket>();
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 1,
    onRcptTo: ({ address }, { remotePort }, done) => this.reply(this.toRecipient(address), remotePort, done),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const recipients = rcptTo.map(({ address }) => address);
        void this.take(Buffer.concat(chunks), mailFrom ? mailFrom.address : '', recipients).then((reply) =>
          this.reply(reply, session.remotePort, done),
        );
      });
    },
  });

  static async start(): Promise<TestSmtpServer> {
    const one = new TestSmtpServer();
    one.server.on('error', () => undefined); // a client that hangs up is no failure of the server
    one.server.server.on('connection', (socket: Socket) => {
      one.connections++;
      if (socket.remotePort !== undefined) one.sockets.set(socket.remotePort, socket);
    });
    await new Promise<void>((resolve) => one.server.listen(0, '127.0.0.1', resolve));
    return one;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** Closes every open connection. */
  hangUp(): void {
    for (const socket of this.sockets.values()) socket.destroy();
  }

  async stop(): Promise<void> {
    this.hangUp();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async take(raw: Buffer, from: string, recipients: string[]): Promise<Reply> {
    const { headers, subject = '', text = '' } = await PostalMime.parse(raw);
    const mail = {
      from,
      recipients,
      subject,
      text,
      raw: raw.toString(),
      headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
    };
    const reply = await this.toText(mail);
    if (reply === 'accept' || reply === 'drop') this.received.push(mail);
    return reply;
  }

  private reply(reply: Reply, port: number, done: (error?: Error | null) => void): void {
    if (reply === 'accept') return done();
    if (reply === 'drop') return void this.sockets.get(port)?.destroy();
    done(Object.assign(new Error(reply.text), { responseCode: reply.code }));
  }
}
