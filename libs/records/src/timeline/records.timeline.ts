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
import { FilePermissions } from '../files/file.policy.js';
import { Hosts } from '../hosts/hosts.js';
import { NotePermissions } from '../notes/note.policy.js';

type Told = Omit<TimelineEntry, 'ref' | 'title'> & { recordKind: string; recordId: string };

const TITLES: Record<string, string> = { 'notes.written': 'Note', 'files.added': 'File' };

/** What hangs on records, as rows `h`, and who sees it. */
const HANGING = [
  {
    permission: NotePermissions.read,
    kind: 'notes.written',
    table: 'notes',
    details: "jsonb_build_object('excerpt', left(h.body, 200))",
  },
  {
    permission: FilePermissions.read,
    kind: 'files.added',
    table: 'files',
    details: "jsonb_build_object('name', h.name)",
  },
] as const;
type Hanging = (typeof HANGING)[number];

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
    const seen = HANGING.filter(({ permission }) => actor.can(permission));
    const told = seen.flatMap((one) => this.hosts.types.map((type) => this.hangingOn(type, one, actor, params)));
    if (told.length === 0) return [];
    const rows = await this.db.query<Told>(
      `select e.id, e.kind, e.at, e.record_kind as "recordKind", e.record_id as "recordId", e.actor as "actorId", e.details
       from (${told.join(' union all ')}) e where ${toldBefore(PLACE, before, params)} order by ${newestFirst(PLACE)} limit $3`,
      params,
    );
    return rows.map(toEntry);
  }

  private hangingOn(type: RecordType, { kind, table, details }: Hanging, actor: Actor, params: unknown[]): string {
    const { from, id, read } = type.records;
    const hosts = `select ${id} as id from ${from} where ${type.customerId} = $2 and ${this.hosts.reached(type, actor, read, params)}`;
    return `select h.id::text, '${kind}' as kind, h.created_at as at, h.record_kind, h.record_id, h.created_by as actor, ${details} as details
      from (${hosts}) host join ${table} h on h.tenant_id = $1 and h.record_kind = '${type.records.kind}' and h.record_id = host.id`;
  }
}

function toEntry({ recordKind, recordId, ...told }: Told): TimelineEntry {
  return { ...told, title: TITLES[told.kind] ?? told.kind, ref: { resource: recordKind, id: recordId } };
}
