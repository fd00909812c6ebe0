import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Postgres, startPostgres } from '../../apps/local/src/postgres.js';
import { type Redis, startRedis } from '../../apps/local/src/redis.js';

/** A durable PostgreSQL and an append-only Redis of one suite's own, which it may kill. */
export class OwnServers {
  private constructor(
    private readonly folder: string,
    public postgres: Postgres,
    public redis: Redis,
    private readonly before: NodeJS.ProcessEnv,
  ) {}

  static async start(): Promise<OwnServers> {
    const folder = await mkdtemp(join(tmpdir(), 'nexus-faults-'));
    await chmod(folder, 0o755); // PostgreSQL runs as another user when we are root
    const before = {
      NEXUS_TEST_POSTGRES: process.env.NEXUS_TEST_POSTGRES,
      NEXUS_TEST_REDIS: process.env.NEXUS_TEST_REDIS,
    };
    const [postgres, redis] = await Promise.all([
      startPostgres({ dataDir: join(folder, 'postgres'), durable: true }),
      startRedis({ dir: join(folder, 'redis'), persistent: true }),
    ]);
    process.env.NEXUS_TEST_POSTGRES = postgres.superuserUrl;
    process.env.NEXUS_TEST_REDIS = redis.url;
    return new OwnServers(folder, postgres, redis, before);
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
    Object.assign(process.env, this.before);
    await rm(this.folder, { recursive: true, force: true });
  }
}
