import { Database, defineFields, type ListQuery, type ListSpec, type Page, readOne, readPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ServiceTokenView } from './service-tokens.dto.js';

const COLUMNS: Readonly<Record<keyof ServiceTokenView, string>> = {
  id: 'k.id',
  name: 'k.name',
  prefix: 'k.prefix',
  grants: 'k.grants',
  allowedFrom: 'k.allowed_from',
  createdBy: 'k.created_by',
  expiresAt: 'k.expires_at',
  revokedAt: 'k.revoked_at',
  lastUsedAt: '(select s.last_used_at from service_token_uses s where s.tenant_id = k.tenant_id and s.token_id = k.id)',
  version: 'k.version',
  createdAt: 'k.created_at',
};
const ROWS = { select: COLUMNS, from: 'service_tokens k' };

export const ServiceTokenList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'k.id' },
    name: { type: 'text', column: 'k.name', sortable: true },
    createdBy: { type: 'id', column: 'k.created_by' },
    createdAt: { type: 'instant', column: 'k.created_at', sortable: true },
    expiresAt: { type: 'instant', column: 'k.expires_at', nullable: true, sortable: true },
    revokedAt: { type: 'instant', column: 'k.revoked_at', nullable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class ServiceTokensQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<ServiceTokenView>> {
    return readPage<ServiceTokenView>(this.db, {
      ...ROWS,
      where: 'k.tenant_id = app_tenant()',
      query,
      spec: ServiceTokenList,
    });
  }

  /** @throws RecordNotFound */
  view(id: string): Promise<ServiceTokenView> {
    return readOne<ServiceTokenView>(this.db, 'service token', ROWS, id);
  }
}
