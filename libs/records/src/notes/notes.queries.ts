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
import { Note } from './note.entity.js';
import type { NoteView } from './notes.dto.js';

const COLUMNS = {
  id: 'n.id',
  recordKind: 'n.record_kind',
  recordId: 'n.record_id',
  body: 'n.body',
  createdBy: 'n.created_by',
  version: 'n.version',
  createdAt: 'n.created_at',
  updatedAt: 'n.updated_at',
} as const;

export const NoteList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'n.id' },
    recordKind: { type: 'text', column: 'n.record_kind', operators: ['eq', 'in'], example: 'customers' },
    recordId: { type: 'id', column: 'n.record_id', example: '01920000-0001-7004-8000-000000000001' },
    createdBy: { type: 'id', column: 'n.created_by' },
    createdAt: { type: 'instant', column: 'n.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class NotesQueries {
  constructor(
    private readonly db: Database,
    private readonly hosts: Hosts,
  ) {}

  list(query: ListQuery): Promise<Page<NoteView>> {
    const params: unknown[] = [currentTenantId()];
    const where = `n.tenant_id = $1 and ${this.hosts.readable('n', currentActor(), params)}`;
    return readPage<NoteView>(this.db, { select: COLUMNS, from: 'notes n', where, params, query, spec: NoteList });
  }

  /** @throws RecordNotFound when there is none, or its record may not be read */
  async readable(id: string): Promise<Note> {
    const params: unknown[] = [currentTenantId(), id];
    const readable = this.hosts.readable('n', currentActor(), params);
    const found = await this.db.one(
      `select 1 from notes n where n.tenant_id = $1 and n.id = $2 and ${readable}`,
      params,
    );
    if (!found) throw new RecordNotFound('note', id);
    return this.db.get(Note, id);
  }
}
