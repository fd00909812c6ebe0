import type { Permission } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/index.js';

/** Writes down who was refused what: a trail that shows only successes hides the attempts. */
@Injectable()
export class Denials {
  private readonly log = new Logger('denials');

  constructor(private readonly db: Database) {}

  /** As whoever acts. The refusal stands also when the trail cannot be written. */
  async record(route: string, permission: Permission): Promise<void> {
    const about = JSON.stringify({ permission: permission.name });
    await this.db
      .transaction(() => this.db.query("select audit_record('routes', $1, 'denied', null, $2::jsonb)", [route, about]))
      .catch((error: Error) => this.log.error({ route, error: error.message }, 'a denial could not be recorded'));
  }
}
