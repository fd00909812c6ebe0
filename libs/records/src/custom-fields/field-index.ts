import { setTimeout as wait } from 'node:timers/promises';
import { Config, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { CustomField } from './custom-field.entity.js';
import { FieldHosts } from './field-hosts.js';
import { comparedValue } from './field-sql.js';

/**
 * The indexes of fields, one for each tenant and field. The application's role owns no table, so that they are built as the
 * role of the migrations, and without standing in anybody's way.
 */
@Injectable()
export class FieldIndexes {
  constructor(
    private readonly db: Database,
    private readonly config: Config,
    private readonly hosts: FieldHosts,
  ) {}

  /** As the field wants it by now: safe to run twice, and again after one that was cut off. */
  async keep(fieldId: string): Promise<void> {
    const field = await this.db.get(CustomField, fieldId);
    // trying again would not find it either: somebody has to give the worker that role
    if (!this.config.DATABASE_OWNER_URL) return this.told(field, field.wantsIndex ? 'failed' : 'none');
    const isBuilt = await this.asOwner((owner) => this.settle(owner, field)).catch((error: unknown) =>
      this.fail(field, error),
    );
    await this.told(field, isBuilt ? 'ready' : 'none');
  }

  /** Those of a tenant that is leaving. */
  async dropAll(): Promise<void> {
    const fields = await this.db.findWhere(CustomField, 'tenant_id = $1 and is_indexed', [currentTenantId()]);
    if (!fields.length || !this.config.DATABASE_OWNER_URL) return;
    await this.asOwner(async (owner) => {
      for (const { id } of fields) for (const { name } of await namesOf(owner, id)) await drop(owner, name);
    });
  }

  private async settle(owner: pg.Client, field: CustomField): Promise<boolean> {
    const wanted = field.wantsIndex ? nameOf(field) : undefined;
    const found = await namesOf(owner, field.id);
    for (const { name, isValid } of found) if (name !== wanted || !isValid) await drop(owner, name);
    if (!wanted || found.some(({ name, isValid }) => name === wanted && isValid)) return wanted !== undefined;
    const value = comparedValue(field.type, 'custom_fields', field.key);
    await owner.query(
      `create index concurrently ${pg.escapeIdentifier(wanted)} on ${this.hosts.tableOf(field.recordKind)} (${value}, id)
       where tenant_id = ${pg.escapeLiteral(field.tenantId)}`,
    );
    return true;
  }

  /** Unless it wants something else by now: then the next job says so. */
  private async told({ id }: CustomField, state: 'ready' | 'none' | 'failed'): Promise<void> {
    await this.db.change(CustomField, id, undefined, (field) => {
      if (field.wantsIndex === (state !== 'none')) field.indexed(state);
    });
  }

  private async fail(field: CustomField, error: unknown): Promise<never> {
    await this.told(field, 'failed');
    throw error;
  }

  private async asOwner<T>(work: (owner: pg.Client) => Promise<T>): Promise<T> {
    const owner = new pg.Client({
      connectionString: this.config.DATABASE_OWNER_URL,
      application_name: 'nexus field indexes',
    });
    await owner.connect();
    try {
      await oneAtATime(owner);
      return await work(owner);
    } finally {
      await owner.end();
    }
  }
}

/**
 * Two that build indexes on one table at once wait for each other, and PostgreSQL ends one of them. The lock is asked for
 * again and again: a statement that waited for it would be one of those that the other waits for. It goes with the connection.
 */
async function oneAtATime(owner: pg.Client): Promise<void> {
  const tryLock = async (): Promise<boolean> => {
    const { rows } = await owner.query<{ mine: boolean }>(
      "select pg_try_advisory_lock(hashtext('nexus field indexes')) as mine",
    );
    return rows[0]?.mine ?? false;
  };
  while (!(await tryLock())) await wait(100);
}

type Found = { readonly name: string; readonly isValid: boolean };

const prefixOf = (fieldId: string): string => `cf_${fieldId.replaceAll('-', '')}_`;

/** By its type: numbers are compared otherwise than text. */
const nameOf = ({ id, type }: CustomField): string =>
  `${prefixOf(id)}${type === 'number' || type === 'money' ? type : 'text'}`;

async function namesOf(owner: pg.Client, fieldId: string): Promise<Found[]> {
  const { rows } = await owner.query<Found>(
    `select c.relname as name, i.indisvalid as "isValid" from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relnamespace = 'public'::regnamespace and starts_with(c.relname, $1)`,
    [prefixOf(fieldId)],
  );
  return rows;
}

const drop = (owner: pg.Client, name: string): Promise<unknown> =>
  owner.query(`drop index concurrently if exists ${pg.escapeIdentifier(name)}`);
