import type { Actor } from '@app/kernel';
import {
  Database,
  newestFirst,
  Provides,
  type TimelineEntry,
  type TimelinePoint,
  TimelinePort,
  type TimelineSource,
  toldBefore,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { LevelPin } from '../levels/level-pin.js';
import { wireName } from '../wire-name.js';

type Told = { id: string; kind: string; at: Date; actorId: string; before: Row | null; after: Row | null };
type Row = Record<string, unknown>;

const KINDS = [
  'customers.assigned',
  'customers.consent-recorded',
  'customers.created',
  'customers.level-changed',
  'customers.level-pin-ended',
  'customers.level-pinned',
  'customers.merged',
  'customers.parted',
  'customers.restored',
  'customers.status-changed',
  'customers.trashed',
  'customers.updated',
] as const;

/** What was promised, without what was earned meanwhile. */
const promised = (side: string): string =>
  `row(${['level', 'reason', 'until', 'by'].map((key) => `a.${side}->'level_pin'->>'${key}'`).join(', ')})`;
const PIN_ENDED = `a.before->'level_pin'->>'level' is not null and a.after ? 'level_pin' and a.after->'level_pin'->>'level' is null`;
const PINNED = `a.after->'level_pin'->>'level' is not null and ${promised('before')} is distinct from ${promised('after')}`;

/** The audit trail has each change already: the column that changed says what happened. */
const CHANGES = `select a.id::text as id, date_trunc('milliseconds', a.at) as at, a.actor_id as "actorId", a.before, a.after,
    case when a.action in ('merged', 'parted') then 'customers.' || a.action
      when a.action = 'created' then 'customers.created'
      when a.after ? 'deleted_at' then case when a.after->>'deleted_at' is null then 'customers.restored' else 'customers.trashed' end
      when a.after ? 'status' then 'customers.status-changed'
      when a.after ? 'assigned_to' then 'customers.assigned'
      when ${PIN_ENDED} then 'customers.level-pin-ended'
      when ${PINNED} then 'customers.level-pinned'
      when a.after ? 'level' then 'customers.level-changed'
      else 'customers.updated' end as kind
  from audit_log a where a.entity = 'customers' and a.entity_id = $1::text and a.action in ('created', 'updated', 'merged', 'parted')`;

const CONSENTS = `select s.id::text, s.created_at, s.recorded_by, null::jsonb,
    jsonb_build_object('channel', s.channel, 'purpose', s.purpose, 'granted', s.granted), 'customers.consent-recorded'
  from customer_consents s where s.customer_id = $1::uuid`;

const PLACE = { at: 'told.at', kind: 'told.kind', id: 'told.id' };

/** What this context tells of a customer; whoever reads the timeline may read the customer. */
@Injectable()
@Provides(TimelinePort)
export class CustomersTimeline implements TimelineSource {
  readonly kinds = KINDS;
  readonly quotes = [
    { record: 'customers', kinds: ['customers.level-changed'], title: ['level'] },
    { record: 'customers', kinds: ['customers.created'], details: { source: 'source' } },
  ];

  constructor(private readonly db: Database) {}

  async entries(
    customerId: string,
    _actor: Actor,
    limit: number,
    before: TimelinePoint | undefined,
  ): Promise<TimelineEntry[]> {
    const params: unknown[] = [customerId, limit];
    const rows = await this.db.query<Told>(
      `select * from (${CHANGES} union all ${CONSENTS}) told where ${toldBefore(PLACE, before, params)}
       order by ${newestFirst(PLACE)} limit $2`,
      params,
    );
    return rows.map((row) => toEntry(customerId, row));
  }
}

function toEntry(customerId: string, { id, kind, at, actorId, before, after }: Told): TimelineEntry {
  const { title, details } = tell(kind, before ?? {}, after ?? {});
  return { id, kind, at, title, ref: { resource: 'customers', id: customerId }, actorId, details };
}

function tell(kind: string, before: Row, after: Row): Pick<TimelineEntry, 'title' | 'details'> {
  const word = (value: unknown): string => (typeof value === 'string' ? value : 'none');
  switch (kind) {
    case 'customers.created':
      return { title: `Created as ${word(after.status)}`, details: { status: after.status, source: after.source } };
    case 'customers.status-changed':
      return {
        title: `Became ${word(after.status)}`,
        details: { from: before.status, to: after.status, reason: after.status_reason ?? null },
      };
    case 'customers.assigned':
      return {
        title: after.assigned_to ? 'Assigned' : 'Assigned to nobody',
        details: { from: before.assigned_to, to: after.assigned_to },
      };
    case 'customers.level-changed':
      return { title: `Level ${word(after.level)}`, details: { from: before.level, to: after.level } };
    case 'customers.level-pinned':
      return { title: `Level pinned at ${word(pinIn(after)?.level)}`, details: { ...pinIn(after) } };
    case 'customers.level-pin-ended':
      return { title: 'Level pinned no more', details: { pin: pinIn(before), level: pinIn(before)?.earned ?? null } };
    case 'customers.merged':
      return { title: 'Merged with another record', details: { mergedFrom: after.loserId } };
    case 'customers.parted':
      return { title: 'Merge taken back', details: { partedFrom: after.loserId } };
    case 'customers.trashed':
      return { title: 'Put into the trash', details: { reason: after.deleted_because ?? null } };
    case 'customers.restored':
      return { title: 'Taken out of the trash', details: {} };
    case 'customers.consent-recorded':
      return {
        title: `${after.granted ? 'Agreed to' : 'Withdrew'} ${word(after.purpose)} by ${word(after.channel)}`,
        details: after,
      };
    default:
      return { title: 'Changed', details: { fields: fieldsOf(after) } };
  }
}

const pinIn = ({ level_pin: pin }: Row): LevelPin | null => (pin as LevelPin | null | undefined) ?? null;

/** The primary address and number are told for themselves: that the points they stand in changed is no news. */
const fieldsOf = (after: Row): string[] => {
  const names = Object.keys(after).map(wireName);
  const isTold = names.includes('email') || names.includes('phone');
  return names.filter((name) => name !== 'contactPoints' || !isTold);
};
