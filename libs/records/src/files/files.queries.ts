import {
  currentActor,
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
import { Hosts } from '../hosts/hosts.js';
import { FILE_STATES } from './file.policy.js';
import type { FileVersionView, FileView } from './files.dto.js';

const COLUMNS = {
  id: 'f.id',
  recordKind: 'f.record_kind',
  recordId: 'f.record_id',
  name: 'f.name',
  mimeType: 'v.mime_type',
  size: 'v.size',
  sha256: 'v.hash',
  state: 'v.state',
  finding: 'v.finding',
  latest: 'f.latest',
  createdBy: 'f.created_by',
  version: 'f.version',
  createdAt: 'f.created_at',
  updatedAt: 'f.updated_at',
} as const;
const SELECT = Object.entries(COLUMNS)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(', ');
const FROM = `files f join file_versions v on v.tenant_id = f.tenant_id and v.file_id = f.id and v.number = f.latest`;

export const FileList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'f.id' },
    recordKind: { type: 'text', column: 'f.record_kind', operators: ['eq', 'in'], example: 'customers' },
    recordId: { type: 'id', column: 'f.record_id', example: '01920000-0001-7004-8000-000000000001' },
    name: { type: 'text', column: 'f.name', example: 'offer.pdf' },
    mimeType: { type: 'text', column: 'v.mime_type', operators: ['eq', 'in'], example: 'application/pdf' },
    state: { type: 'enum', column: 'v.state', values: FILE_STATES },
    createdBy: { type: 'id', column: 'f.created_by' },
    createdAt: { type: 'instant', column: 'f.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

const VERSION_COLUMNS = {
  id: 'v.id',
  number: 'v.number',
  mimeType: 'v.mime_type',
  size: 'v.size',
  sha256: 'v.hash',
  state: 'v.state',
  finding: 'v.finding',
  createdBy: 'v.created_by',
  createdAt: 'v.created_at',
} as const;

export const FileVersionList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'v.id' },
    number: { type: 'integer', column: 'v.number', sortable: true },
    state: { type: 'enum', column: 'v.state', values: FILE_STATES },
  }),
  defaultSort: '-number',
  outputs: Object.keys(VERSION_COLUMNS),
};

@Injectable()
export class FilesQueries {
  constructor(
    private readonly db: Database,
    private readonly hosts: Hosts,
  ) {}

  list(query: ListQuery): Promise<Page<FileView>> {
    const params: unknown[] = [currentTenantId()];
    const where = `f.tenant_id = $1 and ${this.hosts.readable('f', currentActor(), params)}`;
    return readPage<FileView>(this.db, { select: COLUMNS, from: FROM, where, params, query, spec: FileList });
  }

  /** @throws RecordNotFound when there is none, or its record may not be read */
  async readable(id: string): Promise<FileView> {
    const params: unknown[] = [currentTenantId(), id];
    const readable = this.hosts.readable('f', currentActor(), params);
    const row = await this.db.one<FileView>(
      `select ${SELECT} from ${FROM} where f.tenant_id = $1 and f.id = $2 and ${readable}`,
      params,
    );
    if (!row) throw new RecordNotFound('file', id);
    return row;
  }

  /** @throws RecordNotFound */
  async versions(id: string, query: ListQuery): Promise<Page<FileVersionView>> {
    await this.readable(id);
    return readPage<FileVersionView>(this.db, {
      select: VERSION_COLUMNS,
      from: 'file_versions v',
      where: 'v.tenant_id = $1 and v.file_id = $2',
      params: [currentTenantId(), id],
      query,
      spec: FileVersionList,
    });
  }
}
