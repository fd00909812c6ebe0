import { type Server, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type Behaviour, mailHttp } from './mail-http.js';
import { type MailMessage, parseMail, type StoredMail } from './mail-message.js';
import { freePort } from './ports.js';

export type MailSinkOptions = {
  /** `0` takes any free port; a taken one gives the next free one. */
  smtpPort: number;
  httpPort: number;
  behaviour?: Behaviour;
};

export type MailSink = {
  smtpUrl: string;
  httpUrl: string;
  /** Newest first. */
  messages(): MailMessage[];
  clear(): void;
  /** How the next mails fare: all of them, or the next `times`, after which mails are accepted again. */
  behave(mode: Behaviour, times?: number): void;
  stop(): Promise<void>;
};

const HOST = '127.0.0.1';
const MAX_KEPT = 1_000;
const MAX_BYTES = 50 * 1024 * 1024;
const REFUSALS = {
  reject_permanent: { responseCode: 550, message: '5.1.1 No such mailbox' },
  reject_temporary: { responseCode: 451, message: '4.3.0 Try again later' },
};

/** Takes every mail, delivers none, and shows them over HTTP. On request it fails the ways a real server does. */
export async function startMailSink(options: MailSinkOptions): Promise<MailSink> {
  const sink = new Sink(options.behaviour);
  const smtp = await sink.listenSmtp(options.smtpPort);
  const httpServer = mailHttp(sink);
  const http = await listen(httpServer, options.httpPort);
  return {
    smtpUrl: `smtp://${HOST}:${smtp}`,
    httpUrl: `http://${HOST}:${http}`,
    messages: () => sink.list().map(({ message }) => message),
    clear: () => sink.clear(),
    behave: (mode, times) => sink.behave(mode, times),
    stop: async () => {
      httpServer.closeAllConnections();
      await Promise.all([sink.close(), new Promise<void>((resolve) => httpServer.close(() => resolve()))]);
    },
  };
}

class Sink {
  private mails: StoredMail[] = [];
  private remaining = Infinity;
  private readonly sockets = new Map<number, Socket>();
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 1,
    size: MAX_BYTES,
    onData: (stream, session, done) => void this.receive(stream, session).then(() => done(), done),
  });

  constructor(private mode: Behaviour = 'accept') {
    this.server.on('error', () => undefined); // a client that hangs up is no failure of the sink
    this.server.server.on('connection', (socket: Socket) => this.remember(socket));
  }

  listenSmtp(port: number): Promise<number> {
    return listen(this.server.server, port);
  }

  list(): readonly StoredMail[] {
    return this.mails;
  }

  clear(): void {
    this.mails = [];
  }

  behave(mode: Behaviour, times = Infinity): void {
    this.mode = mode;
    this.remaining = times;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets.values()) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private remember(socket: Socket): void {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    this.sockets.set(remotePort, socket);
    socket.once('close', () => this.sockets.delete(remotePort));
  }

  private async receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    const mode = this.takeBehaviour();
    if (mode === 'reject_permanent' || mode === 'reject_temporary') {
      const { message, responseCode } = REFUSALS[mode];
      throw Object.assign(new Error(message), { responseCode });
    }
    const recipients = session.envelope.rcptTo.map(({ address }) => address);
    const mail = await parseMail(Buffer.concat(chunks), recipients, new Date());
    this.mails = [mail, ...this.mails].slice(0, MAX_KEPT);
    if (mode === 'drop_after_data') this.sockets.get(session.remotePort)?.destroy();
  }

  private takeBehaviour(): Behaviour {
    const { mode } = this;
    if (--this.remaining <= 0) this.behave('accept');
    return mode;
  }
}

/** Listens on the port, or on the next one that is free. */
async function listen(server: Server, wanted: number): Promise<number> {
  const port = await freePort(wanted || undefined);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, HOST, resolve));
  return port;
}
