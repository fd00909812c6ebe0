import { Database, defineFields, type ListQuery, type ListSpec, type Page, readOne, readPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { RECORD_NAME, RECORD_VALUE } from './sso-domains.service.js';
import type { SsoProviderView } from './sso-providers.dto.js';

/** As answers write every instant. */
const JSON_TIME = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';

const COLUMNS: Readonly<Record<keyof SsoProviderView, string>> = {
  id: 'p.id',
  name: 'p.name',
  issuer: 'p.issuer',
  clientId: 'p.client_id',
  hasClientSecret: 'p.client_secret is not null',
  domains:
    'array(select d.domain from sso_domains d where d.tenant_id = p.tenant_id and d.provider_id = p.id order by 1)',
  domainClaims: `(select coalesce(json_agg(json_build_object('domain', d.domain, 'verifiedAt', to_char(d.verified_at at time zone 'utc', '${JSON_TIME}'),
      'recordName', ${RECORD_NAME}, 'recordValue', ${RECORD_VALUE}) order by d.domain), '[]')
    from sso_domains d where d.tenant_id = p.tenant_id and d.provider_id = p.id)`,
  roles: `(select coalesce(json_agg(json_build_object('id', r.id, 'name', r.name) order by r.name), '[]')
    from sso_provider_roles l join roles r on r.tenant_id = l.tenant_id and r.id = l.role_id
    where l.tenant_id = p.tenant_id and l.provider_id = p.id)`,
  scopes: 'p.scopes',
  redirectUri: 'p.redirect_uri',
  isEnabled: 'p.is_enabled',
  isRequired: 'p.is_required',
  provisions: 'p.provisions',
  version: 'p.version',
  createdAt: 'p.created_at',
  updatedAt: 'p.updated_at',
};
const ROWS = { select: COLUMNS, from: 'sso_providers p' };

export const SsoProviderList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'p.id' },
    name: { type: 'text', column: 'p.name', sortable: true, example: 'Our directory' },
    isEnabled: { type: 'boolean', column: 'p.is_enabled' },
    isRequired: { type: 'boolean', column: 'p.is_required' },
  }),
  defaultSort: 'name',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class SsoProvidersQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<SsoProviderView>> {
    return readPage<SsoProviderView>(this.db, {
      ...ROWS,
      where: 'p.tenant_id = app_tenant()',
      query,
      spec: SsoProviderList,
    });
  }

  /** @throws RecordNotFound */
  view(id: string): Promise<SsoProviderView> {
    return readOne<SsoProviderView>(this.db, 'identity provider', ROWS, id);
  }
}
