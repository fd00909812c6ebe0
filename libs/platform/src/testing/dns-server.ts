import { createSocket, type Socket } from 'node:dgram';

const HEADER = 12;
const [NO_ERROR, SERVER_FAILURE, NO_SUCH_NAME] = [0, 2, 3];

/** A DNS server that knows TXT records alone (RFC 1035), over UDP. */
export class TestDnsServer {
  /** By name, in lower case. */
  readonly texts = new Map<string, string[]>();
  isBroken = false;

  private constructor(private readonly socket: Socket) {
    socket.on('message', (query, { port, address }) => socket.send(this.answer(query), port, address));
  }

  static async start(): Promise<TestDnsServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
    return new TestDnsServer(socket);
  }

  /** As DNS_SERVERS takes it. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  stop(): Promise<void> {
    return new Promise((done) => this.socket.close(() => done()));
  }

  private answer(query: Buffer): Buffer {
    const labels: string[] = [];
    let at = HEADER;
    for (let length = query[at] ?? 0; length; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const question = query.subarray(HEADER, at + 5); // the name's end, its type and its class
    const texts = this.texts.get(labels.join('.').toLowerCase());
    const code = this.isBroken ? SERVER_FAILURE : texts ? NO_ERROR : NO_SUCH_NAME;
    const records = this.isBroken ? [] : (texts ?? []).map(recordOf);
    const header = Buffer.alloc(HEADER);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    return Buffer.concat([header, question, ...records]);
  }
}

/** In two pieces, as servers cut what is long; the name is the question's. */
function recordOf(text: string): Buffer {
  const half = Math.ceil(text.length / 2);
  const pieces = [text.slice(0, half), text.slice(half)].map((piece) => Buffer.from(piece, 'latin1'));
  const content = Buffer.concat(pieces.flatMap((piece) => [Buffer.from([piece.length]), piece]));
  const head = Buffer.from([0xc0, HEADER, 0, 16, 0, 1, 0, 0, 0, 60, 0, content.length]);
  return Buffer.concat([head, content]);
}
