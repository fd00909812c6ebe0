import {
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { MailboxView } from './mailboxes.dto.js';

const VIEW = {
  id: 'b.id',
  address: 'b.address',
  name: 'b.name',
  teamId: 'b.team_id',
  isDefault: 'b.is_default',
  createsCustomers: 'b.creates_customers',
  signsReplyAddress: 'b.signs_reply_address',
  authServer: 'b.auth_server',
  messageVisibility: 'b.message_visibility',
  deletedAt: 'b.deleted_at',
  version: 'b.version',
  createdAt: 'b.created_at',
  updatedAt: 'b.updated_at',
};
const columns = Object.entries(VIEW).map(([name, sql]) => `${sql} as "${name}"`);

export const MailboxList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'b.id' },
    address: { type: 'text', column: 'b.address', sortable: true, example: 'support@acme.example' },
    teamId: { type: 'id', column: 'b.team_id', nullable: true },
    isDefault: { type: 'boolean', column: 'b.is_default' },
    createdAt: { type: 'instant', column: 'b.created_at', sortable: true },
  }),
  outputs: Object.keys(VIEW),
  defaultSort: 'address',
  parameters: { trashed: '`true` lists what is in the trash instead.' },
};

/** A mailbox that is in use. */
export type MailboxCard = Pick<
  MailboxView,
  'id' | 'address' | 'name' | 'teamId' | 'isDefault' | 'authServer' | 'signsReplyAddress'
>;

/** Those of the tenant `$1` as one value, for a statement that asks for more besides: see `inUse`. */
export const MAILBOXES_IN_USE = `(select coalesce(jsonb_agg(jsonb_build_object('id', id, 'address', address, 'name', name,
    'teamId', team_id, 'isDefault', is_default, 'authServer', auth_server, 'signsReplyAddress', signs_reply_address)
    order by created_at, id), '[]') from mailboxes where tenant_id = $1 and deleted_at is null)`;

@Injectable()
export class MailboxesQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<MailboxView>> {
    const isTrash = query.parameters.trashed === 'true';
    return readPage<MailboxView>(this.db, {
      select: VIEW,
      from: 'mailboxes b',
      where: `b.tenant_id = $1 and b.deleted_at is ${isTrash ? 'not null' : 'null'}`,
      params: [currentTenantId()],
      query,
      spec: MailboxList,
    });
  }

  /** @throws RecordNotFound */
  async get(id: string): Promise<MailboxView> {
    const found = await this.db.one<MailboxView>(
      `select ${columns.join(', ')} from mailboxes b where b.tenant_id = $1 and b.id = $2`,
      [currentTenantId(), id],
    );
    if (!found) throw new RecordNotFound('mailbox', id);
    return found;
  }

  /** All that are in use: a tenant has a handful. */
  async inUse(): Promise<MailboxCard[]> {
    const row = await this.db.one<{ all: MailboxCard[] }>(`select ${MAILBOXES_IN_USE} as all`, [currentTenantId()]);
    return row?.all ?? [];
  }
}
