import { Actor, anyOf, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import { Database, type GuardedRecords, GuardedRecordsPort, Ports } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PermissionOfOtherRecords, RecordKindUnknown } from './authz.errors.js';

export type WayTaken = { readonly way: string; readonly holds: boolean };
/** Of a record that is not there, or that whoever asks may not see, no way holds: the two cannot be told apart. */
export type RecordReach = {
  readonly kind: string;
  readonly id: string;
  readonly isSeen: boolean;
  readonly isReached: boolean;
  readonly isReadable: boolean;
  readonly isReadFirst: boolean;
  readonly ways: readonly WayTaken[];
};

const MOST_ASKED = 100;

type Row = { isSeen: boolean; isReadable: boolean; holds: boolean[] };

/** Asks of one record, in one statement, what its context's lists and checks ask. */
@Injectable()
export class RecordReachQueries {
  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  /** `record`: `customers:<id>`. @throws RecordKindUnknown, PermissionOfOtherRecords */
  async reach(record: string, permission: Permission, subject: Actor, asker: Actor): Promise<RecordReach> {
    const [kind = '', id = ''] = record.split(':');
    const records = this.recordsOf(kind, permission);
    const params: unknown[] = [id.toLowerCase()];
    const [seen, readable] = [asker, subject].map((actor) => anyOf(records.ways(actor, records.read, params)));
    const ways = waysOf(records, subject, permission, params);
    const holds = ways.map(({ sql }) => `coalesce(${sql}, false)`).join(', ');
    const row = await this.db.one<Row>(
      `select ${seen} as "isSeen", ${readable} as "isReadable", array[${holds}]::boolean[] as holds
       from ${records.from} where ${records.id} = $1::uuid and ${records.isPresent}`,
      params,
    );
    const isSeen = row?.isSeen === true;
    const taken = ways.map(({ name }, index) => ({ way: name, holds: isSeen && row.holds[index] === true }));
    return {
      kind,
      id: id.toLowerCase(),
      isSeen,
      isReached: taken.some((way) => way.holds),
      isReadable: isSeen && row.isReadable === true,
      isReadFirst: records.isReadFirst,
      ways: taken,
    };
  }

  /**
   * The teams, below ones that the subject leads, without which it would not reach the record; of at most `MOST_ASKED`.
   * @throws as `reach`
   */
  async overseenIn(record: string, permission: Permission, subject: Actor): Promise<string[]> {
    const below = subject.reachedTeams.filter((team) => !subject.teams.includes(team)).slice(0, MOST_ASKED);
    if (!below.length) return [];
    const [kind = '', id = ''] = record.split(':');
    const records = this.recordsOf(kind, permission);
    const params: unknown[] = [id];
    const reaching = (teams: readonly string[]): string =>
      `coalesce(${anyOf(waysOf(records, reachingAlso(subject, teams), permission, params))}, false)`;
    const row = await this.db.one<{ isOwn: boolean; through: boolean[] }>(
      `select ${reaching([])} as "isOwn", array[${below.map((team) => reaching([team])).join(', ')}] as through
       from ${records.from} where ${records.id} = $1::uuid and ${records.isPresent}`,
      params,
    );
    return row && !row.isOwn ? below.filter((_, index) => row.through[index]) : [];
  }

  private recordsOf(kind: string, permission: Permission): GuardedRecords {
    const known = this.ports.all(GuardedRecordsPort);
    const records = known.find((one) => one.kind === kind);
    if (!records) throw new RecordKindUnknown(known.map((one) => one.kind).sort());
    if (!permission.name.startsWith(`${kind}:`)) throw new PermissionOfOtherRecords(permission.name, kind);
    return records;
  }
}

const reachingAlso = ({ id, tenantId, name, grants, teams, kind, sessionId }: Actor, below: readonly string[]): Actor =>
  new Actor(id, tenantId, name, new Set(grants), teams, kind, sessionId, { reachedTeams: [...teams, ...below] });

/** A permission without scopes reaches as far as the one that its use case is bound by, or everything. */
function waysOf(records: GuardedRecords, actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
  if (!actor.can(permission)) return [];
  if (permission.scoped) return records.ways(actor, permission, params);
  const bound = records.boundBy?.[permission.name];
  return bound ? records.ways(actor, bound, params) : EVERY_RECORD;
}
