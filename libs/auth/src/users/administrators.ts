import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LastAdministrator, NoBreakGlass } from './user.errors.js';
import { ADMINISTERING } from './user.policy.js';

type Count = { readonly count: number; readonly breakGlass: number; readonly isSsoRequired: boolean };

const COUNT = `select count(*)::int as count, count(*) filter (where u.is_break_glass and u.password_hash is not null)::int as "breakGlass",
    exists(select 1 from sso_providers p where p.tenant_id = app_tenant() and p.is_enabled and p.is_required) as "isSsoRequired"
  from users u
  where u.tenant_id = app_tenant() and u.status = 'active' and $1::text[] <@ array(
    select unnest(r.grants) from user_roles ur join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
    where ur.tenant_id = u.tenant_id and ur.user_id = u.id)`;

@Injectable()
export class Administrators {
  constructor(private readonly db: Database) {}

  /**
   * Runs what may take rights away. Such work takes turns on the tenant's row: two administrators who remove each other at
   * once would each still see the other.
   * @throws LastAdministrator, NoBreakGlass
   */
  keepOne<T>(work: () => Promise<T>): Promise<T> {
    return this.db.transaction(async () => {
      await this.db.query('select 1 from tenants where id = app_tenant() for no key update');
      const { count: before } = await this.count();
      const result = await work();
      const after = await this.count();
      if (before > 0 && after.count === 0) throw new LastAdministrator();
      if (after.isSsoRequired && after.breakGlass === 0) throw new NoBreakGlass();
      return result;
    });
  }

  private async count(): Promise<Count> {
    return (await this.db.one<Count>(COUNT, [ADMINISTERING])) as Count;
  }
}
