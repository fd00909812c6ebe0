import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * A way to a server that can fall silent as a cut cable does: nothing is refused, nothing is closed, nothing arrives. What
 * was connected then stays silent for ever; whoever connects after it is mended gets through.
 */
export class SilentProxy {
  private isSilent = false;
  private readonly sockets = new Set<Socket>();
  private cuts = 0;
  private readonly server = createServer((client) => this.join(client));

  private constructor(private readonly target: URL) {}

  static async to(url: string): Promise<SilentProxy> {
    const proxy = new SilentProxy(new URL(url));
    await new Promise<void>((done) => proxy.server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  /** The server's own address, but through here. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }

  silence(): void {
    this.isSilent = true;
    this.cuts++;
  }

  mend(): void {
    this.isSilent = false;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private join(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    const { cuts } = this;
    const pass = (from: Socket, to: Socket): void => {
      this.sockets.add(from);
      from.on('data', (chunk) => void (this.isSilent || cuts < this.cuts || to.write(chunk)));
      from.on('error', () => undefined).on('close', () => to.destroy());
    };
    pass(client, server);
    pass(server, client);
  }
}
