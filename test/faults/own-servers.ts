import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimPorts } from '../../apps/local/src/ports.js';
import { type Postgres, startPostgres } from '../../apps/local/src/postgres.js';
import { type Redis, startRedis } from '../../apps/local/src/redis.js';

/** False, that nothing more goes on, or what else went wrong. */
function isFull(error: NodeJS.ErrnoException): false {
  if (error.code === 'ENOSPC') return false;
  throw error;
}

const diskOf = (folder: string): string => join(folder, 'disk');

/** A durable PostgreSQL and an append-only Redis of one suite's own, which it may kill. */
export class OwnServers {
  private constructor(
    private readonly folder: string,
    public postgres: Postgres,
    public redis: Redis,
    private readonly before: NodeJS.ProcessEnv,
    private readonly hasDisk: boolean,
    private readonly releasePorts: () => void,
  ) {}

  /** With `roomMib`, PostgreSQL has a disk of that size of its own, which can be filled: root on Linux can mount one. */
  static async start({ roomMib }: { roomMib?: number } = {}): Promise<OwnServers> {
    const folder = await mkdtemp(join(tmpdir(), 'nexus-faults-'));
    await chmod(folder, 0o755); // PostgreSQL runs as another user when we are root
    if (roomMib) {
      await mkdir(diskOf(folder));
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${roomMib}m,mode=755`, 'tmpfs', diskOf(folder)]);
    }
    const before = {
      NEXUS_TEST_POSTGRES: process.env.NEXUS_TEST_POSTGRES,
      NEXUS_TEST_REDIS: process.env.NEXUS_TEST_REDIS,
    };
    // claimed, for they are away at times: nobody else listens there meanwhile
    const { ports, release } = await claimPorts(0, 0);
    const [postgres, redis] = await Promise.all([
      startPostgres({ dataDir: join(diskOf(folder), 'postgres'), port: ports[0], durable: true }),
      startRedis({ dir: join(folder, 'redis'), port: ports[1], persistent: true }),
    ]);
    process.env.NEXUS_TEST_POSTGRES = postgres.superuserUrl;
    process.env.NEXUS_TEST_REDIS = redis.url;
    return new OwnServers(folder, postgres, redis, before, roomMib !== undefined, release);
  }

  /** Not a byte is left on PostgreSQL's disk. */
  async fillDisk(): Promise<void> {
    for (const bytes of [1 << 20, 1 << 12]) {
      while (await appendFile(this.ballast, Buffer.alloc(bytes)).then(() => true, isFull));
    }
  }

  freeDisk(): Promise<void> {
    return rm(this.ballast);
  }

  private get ballast(): string {
    return join(diskOf(this.folder), 'ballast');
  }

  /** SIGKILL to the postmaster, and the same cluster again on the same port. */
  crashPostgres(): Promise<void> {
    return this.withoutPostgres(async () => undefined);
  }

  crashRedis(): Promise<void> {
    return this.withoutRedis(async () => undefined);
  }

  async withoutPostgres(work: () => Promise<void>): Promise<void> {
    const { pid, port, dataDir, exited } = this.postgres;
    process.kill(pid, 'SIGKILL');
    await exited;
    await work().finally(async () => (this.postgres = await startPostgres({ dataDir, port, durable: true })));
    if (this.postgres.port !== port) throw new Error(`PostgreSQL came back on ${this.postgres.port}, not on ${port}`);
  }

  async withoutRedis(work: () => Promise<void>): Promise<void> {
    const { pid, port, exited } = this.redis;
    process.kill(pid, 'SIGKILL');
    await exited;
    const dir = join(this.folder, 'redis');
    await work().finally(async () => (this.redis = await startRedis({ dir, port, persistent: true })));
    if (this.redis.port !== port) throw new Error(`Redis came back on ${this.redis.port}, not on ${port}`);
  }

  async stop(): Promise<void> {
    await Promise.all([this.redis.stop(), this.postgres.stop()]);
    this.releasePorts();
    Object.assign(process.env, this.before);
    if (this.hasDisk) execFileSync('umount', ['--lazy', diskOf(this.folder)]);
    await rm(this.folder, { recursive: true, force: true });
  }
}
