import {
  currentActor,
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { usableBy } from './macro.reach.js';
import type { MacroView } from './macros.dto.js';

const COLUMNS = {
  id: 'm.id',
  name: 'm.name',
  body: 'm.body',
  teamId: 'm.team_id',
  createdBy: 'm.created_by',
  version: 'm.version',
  createdAt: 'm.created_at',
  updatedAt: 'm.updated_at',
} as const;

export const MacroList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'm.id' },
    name: { type: 'text', column: 'm.name', sortable: true, example: 'Parcel is late' },
    teamId: { type: 'id', column: 'm.team_id', nullable: true, description: 'teamId[null]=true: everybody’s' },
    createdBy: { type: 'id', column: 'm.created_by' },
    createdAt: { type: 'instant', column: 'm.created_at', sortable: true },
  }),
  defaultSort: 'name',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class MacrosQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<MacroView>> {
    const params: unknown[] = [currentTenantId()];
    const where = `m.tenant_id = $1 and ${usableBy(currentActor(), params)}`;
    return readPage<MacroView>(this.db, { select: COLUMNS, from: 'macros m', where, params, query, spec: MacroList });
  }
}
