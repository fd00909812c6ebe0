import type { AddressInfo, Socket } from 'node:net';
import hoodiecrow, { type Connection, type Hoodiecrow, type Message, type Response } from 'hoodiecrow-imap';

/** What is wrong with a server, by the ids that it is wrong about. */
export type ImapFaults = {
  /** Listed, and left out when their bodies are asked for. */
  drops: number[];
  /** Given without a body. */
  bodiless: number[];
  /** Given twice for one question. */
  doubles: number[];
  /** Left out of a search. */
  hides: number[];
  /** Another size than they have. */
  sizes: Record<number, number>;
  isReversed: boolean;
  /** How many mails it says it has. */
  claims: number | null;
  /** Falls silent instead of answering this command: `SELECT`, `UID SEARCH`, `UID FETCH`. */
  hangsAt: string | null;
  /** Ends the connection where the body of this one is due. */
  endsAt: number | null;
};

const SOUND: ImapFaults = {
  drops: [],
  bodiless: [],
  doubles: [],
  hides: [],
  sizes: {},
  isReversed: false,
  claims: null,
  hangsAt: null,
  endsAt: null,
};

export const IMAP_LOGIN = { username: 'testuser', password: 'testpass' };

/** An IMAP server on a port of its own, with the mails that a test gives it and the faults that it names. */
export class ImapServer {
  readonly faults: ImapFaults = { ...SOUND };
  /** Commands that were answered, in order: `UID FETCH`. */
  readonly answered: string[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly held = new WeakMap<Connection, Response[]>();
  private isReleasing = false;

  private constructor(private readonly server: Hoodiecrow) {
    server.connectionHandlers.push(({ socket }) => {
      socket?.setNoDelay(true); // it writes line by line, which the kernel would hold back
      if (socket) this.sockets.add(socket);
    });
    server.outputHandlers.push((connection, response, said) => this.spoil(connection, response, said));
  }

  static async start({ isEncrypted = false } = {}): Promise<ImapServer> {
    const server = hoodiecrow({ plugins: ['UIDPLUS'], secureConnection: isEncrypted });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return new ImapServer(server);
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  get messages(): Message[] {
    return this.server.getMailbox('INBOX').messages;
  }

  get seen(): number[] {
    return this.messages.filter(({ flags }) => flags.includes('\\Seen')).map(({ uid }) => uid);
  }

  /** Answers its id. */
  add(raw: Buffer, at = new Date('2026-11-02T10:00:00Z')): number {
    return this.server.appendMessage('INBOX', [], at, raw.toString('latin1')).message.uid;
  }

  remove(uid: number): void {
    const { messages } = this;
    messages.splice(
      messages.findIndex((one) => one.uid === uid),
      1,
    );
  }

  /** As after a restore of its storage: the same mails under other ids. */
  renumber(uidValidity: number): void {
    const folder = this.server.getMailbox('INBOX');
    folder.uidvalidity = uidValidity;
    folder.messages.forEach((message, at) => (message.uid = at + 1));
    folder.uidnext = folder.messages.length + 1;
  }

  spoilWith(faults: Partial<ImapFaults>): void {
    Object.assign(this.faults, SOUND, faults);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((done) => this.server.close(done));
  }

  private spoil(connection: Connection, response: Response, said: string): void {
    if (this.isReleasing) return;
    const { faults } = this;
    if (response.tag !== '*') this.answered.push(said);
    if (faults.hangsAt !== null && said.startsWith(faults.hangsAt)) return skip(response);
    if (said.endsWith('EXISTS') && faults.claims !== null) response.attributes?.splice(0, 1, faults.claims);
    if (response.command === 'SEARCH')
      response.attributes = response.attributes?.filter((uid) => !faults.hides.includes(uid as number));
    const given = givenBy(response);
    if (given) this.hold(connection, response, given);
    else if (response.tag !== '*') this.release(connection);
  }

  /** Mails are held back until the end of the answer, so that their order is ours. */
  private hold(connection: Connection, response: Response, { uid, bodyAt, sizeAt }: Given): void {
    const { faults } = this;
    const held = this.held.get(connection) ?? [];
    this.held.set(connection, held);
    skip(response);
    if (bodyAt !== null && faults.endsAt === uid) return void connection.socket?.destroy();
    if (bodyAt !== null && faults.drops.includes(uid)) return;
    if (sizeAt !== null && uid in faults.sizes) (response.attributes?.[2] as unknown[])[sizeAt + 1] = faults.sizes[uid];
    if (bodyAt !== null && faults.bodiless.includes(uid)) (response.attributes?.[2] as unknown[]).splice(bodyAt, 2);
    held.push(response);
    if (faults.doubles.includes(uid)) held.push({ ...response });
  }

  private release(connection: Connection): void {
    const held = this.held.get(connection)?.splice(0) ?? [];
    this.isReleasing = true;
    for (const response of this.faults.isReversed ? held.reverse() : held)
      connection.send({ ...response, skipResponse: false });
    this.isReleasing = false;
  }
}

type Given = { uid: number; bodyAt: number | null; sizeAt: number | null };
type Atom = { value?: string; section?: unknown[] } | null;

const skip = (response: Response): void => void (response.skipResponse = true);

/** The mail of a FETCH answer, and where in it its whole body stands. */
function givenBy({ attributes = [] }: Response): Given | undefined {
  const [, name, items] = attributes as [unknown, Atom, Atom[]];
  if (name?.value !== 'FETCH' || !Array.isArray(items)) return undefined;
  const find = (holds: (item: Atom) => boolean): number | null => {
    const at = items.findIndex(holds);
    return at < 0 ? null : at;
  };
  return {
    uid: Number(items[(find((item) => item?.value === 'UID') ?? 0) + 1]),
    bodyAt: find((item) => item?.value === 'BODY' && item.section?.length === 0),
    sizeAt: find((item) => item?.value === 'RFC822.SIZE'),
  };
}
