import { Database, Provides, type Retention, RetentionPort } from '@app/platform';
import { Injectable } from '@nestjs/common';

const BATCH = 1000;

/** Deletes by a statement that answers a row for each that it deleted, at most `$2` of them, until there are none. */
async function inBatches(db: Database, statement: string, before: Date): Promise<number> {
  for (let gone = 0; ;) {
    const rows = await db.query(statement, [before, BATCH]);
    gone += rows.length;
    if (rows.length < BATCH) return gone;
  }
}

/** Who was logged in when, from where. */
@Injectable()
@Provides(RetentionPort)
export class SignIns implements Retention {
  readonly kind = 'sign_ins';
  readonly description = 'Sessions that are over: who was logged in when, and from where';
  readonly usualDays = 30;
  readonly leastDays = 7;

  constructor(private readonly db: Database) {}

  purge(before: Date): Promise<number> {
    return inBatches(
      this.db,
      `delete from sessions s using (select tenant_id, id from sessions
         where tenant_id = app_tenant() and (expires_at < $1 or revoked_at < $1) limit $2) over_
       where s.tenant_id = over_.tenant_id and s.id = over_.id returning 1`,
      before,
    );
  }
}

/** Devices that nobody has logged in with since; one that is forgotten is slowed down again like any stranger. */
@Injectable()
@Provides(RetentionPort)
export class KnownDevices implements Retention {
  readonly kind = 'known_devices';
  readonly description = 'Devices and networks that nobody has logged in from since';
  readonly usualDays = 180;
  readonly leastDays = 30;

  constructor(private readonly db: Database) {}

  purge(before: Date): Promise<number> {
    return inBatches(
      this.db,
      `delete from known_devices d where d.ctid = any (array(select ctid from known_devices
         where tenant_id = app_tenant() and last_seen_at < $1 limit $2)) returning 1`,
      before,
    );
  }
}
