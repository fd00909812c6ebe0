import type { PayloadOf } from '@app/kernel';
import { currentTenantId, Database, Handles, type RestingPlace, SecretsAtRest, SecretUnreadable } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { ResealSecrets } from './auth.jobs.js';
import { placeOfSecret } from './mfa/totp-factor.entity.js';
import { placeOfClientSecret } from './sso/sso-provider.entity.js';

const AT_ONCE = 200;

type Resting = { readonly id: string; readonly sealed: string };
type Kept = { readonly table: string; readonly column: string; readonly place: (id: string) => RestingPlace };

const kept = (): Kept[] => {
  const tenantId = currentTenantId();
  return [
    { table: 'totp_factors', column: 'secret', place: (id) => placeOfSecret(tenantId, id) },
    { table: 'sso_providers', column: 'client_secret', place: (id) => placeOfClientSecret(tenantId, id) },
  ];
};

/** After a change of ENCRYPTION_KEY everything comes under the new one, so that the retired one can be taken away. */
@Injectable()
export class Resealing {
  private readonly log = new Logger('resealing');

  constructor(
    private readonly db: Database,
    private readonly secrets: SecretsAtRest,
  ) {}

  /** Row by row, each where its secret is still the one that was read: broken off, the next run goes on. */
  @Handles(ResealSecrets)
  async reseal(_: PayloadOf<typeof ResealSecrets>): Promise<void> {
    for (const one of kept()) {
      for (let after = ''; ;) {
        const rows = await this.outdated(one, after);
        for (const row of rows) await this.sealAnew(one, row);
        const last = rows.at(-1);
        if (!last || rows.length < AT_ONCE) break;
        after = last.id;
      }
    }
  }

  private outdated({ table, column }: Kept, after: string): Promise<Resting[]> {
    return this.db.query<Resting>(
      `select id, ${column} as sealed from ${table} where tenant_id = app_tenant() and ${column} is not null
       and not starts_with(${column}, $1) and ($2 = '' or id > nullif($2, '')::uuid) order by id limit ${AT_ONCE}`,
      [this.secrets.currentMark, after],
    );
  }

  private async sealAnew({ table, column, place }: Kept, { id, sealed }: Resting): Promise<void> {
    try {
      const fresh = this.secrets.seal(this.secrets.open(sealed, place(id)), place(id));
      await this.db.transaction(() =>
        this.db.query(`update ${table} set ${column} = $2 where id = $1 and ${column} = $3`, [id, fresh, sealed]),
      );
    } catch (error) {
      if (!(error instanceof SecretUnreadable)) throw error;
      this.log.error({ err: error, table, id }, 'a secret is under a key that is not known any more');
    }
  }
}
