import type { Actor } from '@app/kernel';
import {
  currentTenantId,
  Database,
  newestFirst,
  Provides,
  type RecordType,
  type TimelineEntry,
  type TimelinePoint,
  TimelinePort,
  type TimelineSource,
  toldBefore,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Hosts } from '../hosts/hosts.js';
import { NotePermissions } from '../notes/note.policy.js';

type Told = Omit<TimelineEntry, 'ref' | 'title'> & { recordKind: string; recordId: string };

const TITLES: Record<string, string> = { 'notes.written': 'Note' };
const PLACE = { at: 'e.at', kind: 'e.kind', id: 'e.id' };

/** What hangs on a customer and on the customer's records. */
@Injectable()
@Provides(TimelinePort)
export class RecordsTimeline implements TimelineSource {
  readonly kinds = Object.keys(TITLES);

  constructor(
    private readonly db: Database,
    private readonly hosts: Hosts,
  ) {}

  async entries(
    customerId: string,
    actor: Actor,
    limit: number,
    before: TimelinePoint | undefined,
  ): Promise<TimelineEntry[]> {
    const params: unknown[] = [currentTenantId(), customerId, limit];
    const told = actor.can(NotePermissions.read)
      ? this.hosts.types.map((type) => this.notesOn(type, actor, params))
      : [];
    if (told.length === 0) return [];
    const rows = await this.db.query<Told>(
      `select e.id, e.kind, e.at, e.record_kind as "recordKind", e.record_id as "recordId", e.actor as "actorId", e.details
       from (${told.join(' union all ')}) e where ${toldBefore(PLACE, before, params)} order by ${newestFirst(PLACE)} limit $3`,
      params,
    );
    return rows.map(toEntry);
  }

  private notesOn(type: RecordType, actor: Actor, params: unknown[]): string {
    const { kind, from, id, read } = type.records;
    const hosts = `select ${id} as id from ${from} where ${type.customerId} = $2 and ${this.hosts.reached(type, actor, read, params)}`;
    return `select n.id::text, 'notes.written' as kind, n.created_at as at, n.record_kind, n.record_id, n.created_by as actor,
        jsonb_build_object('excerpt', left(n.body, 200)) as details
      from (${hosts}) host join notes n on n.tenant_id = $1 and n.record_kind = '${kind}' and n.record_id = host.id`;
  }
}

function toEntry({ recordKind, recordId, ...told }: Told): TimelineEntry {
  return { ...told, title: TITLES[told.kind] ?? told.kind, ref: { resource: recordKind, id: recordId } };
}
