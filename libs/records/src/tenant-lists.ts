import {
  currentActor,
  currentTenantId,
  Database,
  type Fields,
  type ListSpec,
  Provides,
  type StoredView,
  type TenantLists,
  TenantListsPort,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomFieldPermissions } from './custom-fields/custom-field.policy.js';
import { listFields, type ListedField } from './custom-fields/field-sql.js';
import { ViewUnknown } from './views/view.errors.js';
import { ViewPermissions } from './views/view.policy.js';
import { seenBy } from './views/view-reach.js';

/** What a tenant added to the lists of all contexts: its own fields, and views. */
@Injectable()
@Provides(TenantListsPort)
export class ListsOfTenant implements TenantLists {
  constructor(private readonly db: Database) {}

  async fieldsOf({ resource, custom }: ListSpec): Promise<Fields> {
    if (!resource || !custom) return {};
    // a formula is as hidden as what it is made of
    const hidden = [...(currentActor().fieldRights?.hiddenOf(resource) ?? [])];
    const rows = await this.db.query<ListedField>(
      `select f.key, f.type, f.label, f.options, f.index_state = 'ready' as "isIndexReady",
         f.compiled, f.result_type as "resultType" from custom_fields f
       where f.tenant_id = $1 and f.record_kind = $2 and f.archived_at is null and ($3 or not f.is_personal)
         and not f.inputs && $4::text[] order by f.key`,
      [currentTenantId(), resource, currentActor().can(CustomFieldPermissions.readPersonal), hidden],
    );
    return listFields(resource, custom, rows);
  }

  /** Who may not use views has none. @throws ViewUnknown */
  async viewOf({ resource }: ListSpec, id: string): Promise<StoredView> {
    const params: unknown[] = [currentTenantId(), id, resource];
    const isSeen = currentActor().can(ViewPermissions.use) ? seenBy(currentActor(), params) : 'false';
    const view = await this.db.one<StoredView>(
      `select v.id, v."where", v.sort, v.columns from saved_views v
       where v.tenant_id = $1 and v.id = $2 and v.resource = $3 and ${isSeen}`,
      params,
    );
    if (!view) throw new ViewUnknown();
    return view;
  }
}
