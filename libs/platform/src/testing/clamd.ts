import { createServer, type Server, type Socket } from 'node:net';

const COMMAND = 'zINSTREAM\0';
export const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';

/** A ClamAV daemon that knows one signature, on a TCP port or a UNIX socket: clamd(8), `INSTREAM`. */
export class TestClamd {
  /** clamd's `StreamMaxLength`, in bytes. */
  mostBytes = 25 * 1024 * 1024;
  /** Takes files and never answers, or hangs up in the middle of one. */
  fault: 'none' | 'silent' | 'hangs_up' = 'none';
  /** What was sent, file by file. */
  readonly files: Buffer[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      this.serve(socket);
    });
  }

  static async start(path?: string): Promise<TestClamd> {
    const server = createServer();
    await new Promise<void>((done) => (path ? server.listen(path, done) : server.listen(0, '127.0.0.1', done)));
    const address = server.address();
    return new TestClamd(server, typeof address === 'object' ? `tcp://127.0.0.1:${address?.port}` : `unix://${path}`);
  }

  stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((done) => this.server.close(() => done()));
  }

  private serve(socket: Socket): void {
    let held = Buffer.alloc(0);
    let file: Buffer | undefined;
    socket.on('data', (piece: Buffer) => {
      held = Buffer.concat([held, piece]);
      if (this.fault === 'hangs_up' && held.length > COMMAND.length) return void socket.destroy();
      if (!file) {
        if (held.length < COMMAND.length) return;
        if (held.toString('latin1', 0, COMMAND.length) !== COMMAND) return void socket.end('UNKNOWN COMMAND\0');
        [file, held] = [Buffer.alloc(0), held.subarray(COMMAND.length)];
      }
      while (held.length >= 4 && held.length >= 4 + held.readUInt32BE()) {
        const length = held.readUInt32BE();
        if (length === 0) return this.answer(socket, file);
        file = Buffer.concat([file, held.subarray(4, 4 + length)]);
        held = held.subarray(4 + length);
        if (file.length > this.mostBytes) return void socket.end('INSTREAM size limit exceeded. ERROR\0');
      }
    });
  }

  private answer(socket: Socket, file: Buffer): void {
    this.files.push(file);
    if (this.fault === 'silent') return;
    socket.end(file.includes(EICAR) ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0');
  }
}
