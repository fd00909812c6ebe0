import type { Forbidden } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/index.js';

/** `route` as it is declared, `path` as it was asked for. */
export type Denied = { readonly method: string; readonly route: string; readonly path: string };

/** Writes down who was refused what: a trail that shows only successes hides the attempts. */
@Injectable()
export class Denials {
  private readonly log = new Logger('denials');

  constructor(private readonly db: Database) {}

  /** As whoever acts, once what was tried is rolled back. The refusal stands also when the trail cannot be written. */
  async record({ method, route, path }: Denied, { code, details }: Forbidden): Promise<void> {
    const after = { code, path, permission: details.permission };
    await this.db
      .audit('routes', `${method} ${route}`, 'denied', { after })
      .catch((error: Error) => this.log.error({ route, error: error.message }, 'a denial could not be recorded'));
  }
}
