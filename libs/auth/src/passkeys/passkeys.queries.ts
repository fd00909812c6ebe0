import { Database, defineFields, type ListQuery, type ListSpec, type Page, readPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { currentUser } from '../sessions/sessions.queries.js';
import type { PasskeyView } from './passkeys.dto.js';

const COLUMNS: Readonly<Record<keyof PasskeyView, string>> = {
  id: 'k.id',
  name: 'k.name',
  isBackedUp: 'k.is_backed_up',
  lastUsedAt: 'k.last_used_at',
  createdAt: 'k.created_at',
};

export const PasskeyList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'k.id' },
    createdAt: { type: 'instant', column: 'k.created_at', sortable: true },
  }),
  defaultSort: 'createdAt',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class PasskeysQueries {
  constructor(private readonly db: Database) {}

  /** Of whoever asks. */
  mine(query: ListQuery): Promise<Page<PasskeyView>> {
    return readPage<PasskeyView>(this.db, {
      select: COLUMNS,
      from: 'passkeys k',
      where: 'k.tenant_id = app_tenant() and k.user_id = $1',
      params: [currentUser().id],
      query,
      spec: PasskeyList,
    });
  }
}
