import { DataSource, type MigrationInterface } from 'typeorm';
import type { Database } from './database.js';

export type MigrationClass = new () => MigrationInterface;

/** The one runner: timestamp order whoever declared them, each in its own transaction, one runner at a time. */
export class Migrator {
  constructor(
    private readonly ownerUrl: string,
    private readonly migrations: readonly MigrationClass[],
  ) {}

  /** Applies what is pending; answers the names. A second runner waits for the first. */
  migrate(): Promise<string[]> {
    return this.locked(async (source) => (await source.runMigrations({ transaction: 'each' })).map(({ name }) => name));
  }

  /** Takes back the last ones, the latest first. */
  rollback(count = 1): Promise<void> {
    return this.locked(async (source) => {
      for (let left = count; left > 0; left--) await source.undoLastMigration({ transaction: 'each' });
    });
  }

  private async locked<T>(work: (source: DataSource) => Promise<T>): Promise<T> {
    const source = await new DataSource({
      type: 'postgres',
      url: this.ownerUrl,
      migrations: [...this.migrations],
      applicationName: 'nexus migrate',
    }).initialize();
    const holder = source.createQueryRunner();
    try {
      await holder.query("set lock_timeout = 0; select pg_advisory_lock(hashtext('nexus migrate'))");
      return await work(source);
    } finally {
      await holder.query("select pg_advisory_unlock(hashtext('nexus migrate'))").catch(() => undefined);
      await holder.release();
      await source.destroy();
    }
  }
}

/** Names of declared migrations that the database has not seen: readiness asks it. */
export async function migrationsPending(db: Database, migrations: readonly MigrationClass[]): Promise<string[]> {
  const rows = await db.query<{ name: string }>('select name from migrations');
  const applied = new Set(rows.map(({ name }) => name));
  return migrations.map(({ name }) => name).filter((name) => !applied.has(name));
}
