import {
  currentActor,
  currentTenantId,
  Database,
  defineFields,
  hiddenAmong,
  HiddenWordsPort,
  type ListQuery,
  type ListSpec,
  type Page,
  Ports,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { AuditEntryView } from './audit.dto.js';

const VIEW: Readonly<Record<keyof AuditEntryView, string>> = {
  id: 'a.id',
  at: 'a.at',
  actorId: 'a.actor_id',
  actorName: 'a.actor_name',
  impersonatorId: 'a.impersonator_id',
  requestId: 'a.request_id',
  entity: 'a.entity',
  entityId: 'a.entity_id',
  action: 'a.action',
  before: 'a.before',
  after: 'a.after',
  isSealed: 'a.sealed',
  erasedAt: 'a.erased_at',
};

export const AuditList: ListSpec = {
  fields: defineFields({
    id: { type: 'integer', column: 'a.id', sortable: true, description: 'Number of the row' },
    at: { type: 'instant', column: 'a.at', sortable: true },
    actorId: { type: 'id', column: 'a.actor_id' },
    impersonatorId: {
      type: 'id',
      column: 'a.impersonator_id',
      nullable: true,
      description: 'Who really acted, as somebody else',
    },
    requestId: { type: 'text', column: 'a.request_id', nullable: true, operators: ['eq', 'in'] },
    entity: { type: 'text', column: 'a.entity', operators: ['eq', 'in'], example: 'responses' },
    entityId: { type: 'text', column: 'a.entity_id', operators: ['eq', 'in'] },
    action: { type: 'text', column: 'a.action', operators: ['eq', 'ne', 'in', 'nin'], example: 'updated' },
  }),
  outputs: Object.keys(VIEW),
  defaultSort: '-id', // every access path ends in the id, none but the one by time in the time
};

@Injectable()
export class AuditQueries {
  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  list(query: ListQuery): Promise<Page<AuditEntryView>> {
    return readPage<AuditEntryView>(this.db, {
      select: VIEW,
      from: 'audit_log a',
      where: 'a.tenant_id = $1',
      params: [currentTenantId()],
      query,
      spec: AuditList,
      withhold: (rows) => this.leaveHiddenOut(rows),
    });
  }

  /** Takes from rows the words that are not for whoever asks; the trail itself keeps them. */
  private async leaveHiddenOut(rows: readonly AuditEntryView[]): Promise<void> {
    const actor = currentActor();
    for (const words of this.ports.all(HiddenWordsPort)) {
      const told = rows.filter(({ entity, before, after }) => entity === words.table && (before ?? after));
      const hidden = await hiddenAmong(
        this.db,
        words,
        told.map(({ entityId }) => entityId),
        actor,
      );
      for (const { before, after } of told.filter(({ entityId }) => hidden.has(entityId)))
        for (const name of words.columns) {
          delete before?.[name];
          delete after?.[name];
        }
    }
  }
}
