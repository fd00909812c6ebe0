import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LastAdministrator } from './user.errors.js';
import { ADMINISTERING } from './user.policy.js';

const COUNT = `select count(*)::int as count from users u
  where u.tenant_id = app_tenant() and u.status = 'active' and $1::text[] <@ array(
    select unnest(r.grants) from user_roles ur join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
    where ur.tenant_id = u.tenant_id and ur.user_id = u.id)`;

@Injectable()
export class Administrators {
  constructor(private readonly db: Database) {}

  /**
   * Runs what may take rights away. Such work takes turns on the tenant's row: two administrators who remove each other at
   * once would each still see the other.
   * @throws LastAdministrator
   */
  keepOne<T>(work: () => Promise<T>): Promise<T> {
    return this.db.transaction(async () => {
      await this.db.query('select 1 from tenants where id = app_tenant() for no key update');
      const before = await this.count();
      const result = await work();
      if (before > 0 && (await this.count()) === 0) throw new LastAdministrator();
      return result;
    });
  }

  private async count(): Promise<number> {
    return (await this.db.one<{ count: number }>(COUNT, [ADMINISTERING]))?.count ?? 0;
  }
}
