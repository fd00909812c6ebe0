import {
  currentActor,
  currentTenantId,
  Database,
  defineFields,
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
  before: 'a.before - kept.names',
  after: 'a.after - kept.names',
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
    const params: unknown[] = [currentTenantId()];
    return readPage<AuditEntryView>(this.db, {
      select: VIEW,
      from: `audit_log a cross join lateral (select ${this.keptNames(params)} as names) kept`,
      where: 'a.tenant_id = $1',
      params,
      query,
      spec: AuditList,
    });
  }

  /** SQL: the columns of the row told of that hold words which are not for whoever asks. The trail itself keeps them. */
  private keptNames(params: unknown[]): string {
    const actor = currentActor();
    const cases = this.ports.all(HiddenWordsPort).map((words) => {
      const names = `'{${words.columns.join(',')}}'::text[]`;
      return `when '${words.table}' then case when ${words.hides('a.entity_id::uuid', actor, params)} then ${names} end`;
    });
    return cases.length ? `coalesce(case a.entity ${cases.join(' ')} end, '{}'::text[])` : `'{}'::text[]`;
  }
}
