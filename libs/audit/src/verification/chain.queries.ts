import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { genesis, linkHash, payloadHash, rowHash } from '../sealing/canonical.js';
import type { Fault, FaultKind } from './verification.js';

/** How far the chain was followed: the last seal seen, and the time that the next row may not be far before. */
export type Place = { readonly seq: number; readonly link: Buffer; readonly latest: Date | null };
export type Head = {
  readonly seq: number;
  readonly link: Buffer | null;
  readonly genesis: Buffer;
  readonly unsealed: number;
};
export type Stretch = {
  readonly place: Place;
  readonly rows: number;
  readonly erased: number;
  readonly fault: Fault | undefined;
};
export type Link = { readonly seq: number; readonly auditId: number; readonly link: string };

type StretchRow = {
  rows: number;
  erased: number;
  last_seq: number | null;
  last_link: Buffer | null;
  latest: Date | null;
  kind: FaultKind | null;
  fault_seq: number | null;
  audit_id: number | null;
};

const HEAD = `
  select greatest(coalesce(h.seq, 0), coalesce((select max(s.seq) from audit_seals s where s.tenant_id = $1), 0)) as seq, h.link,
    ${genesis('one.tenant_id')} as genesis, (select count(*)::int from audit_log l where l.tenant_id = $1 and not l.sealed) as unsealed
  from (select $1::uuid as tenant_id) one left join audit_heads h on h.tenant_id = one.tenant_id`;

// One place after another, $2 exclusive to $3 inclusive, following $4 at $5. Chain order is close to time order (see the
// sealing function): only a transaction that ran for an hour could put an honest row an hour behind.
const STRETCH = `
  with chain as (
    select s.seq, s.audit_id, s.link, l.id, l.at, l.erased_at,
      coalesce(lag(s.seq) over places, $4::bigint) as previous_seq,
      s.link = ${linkHash('coalesce(lag(s.link) over places, $5::bytea)', 's')} as is_linked,
      s.row_hash = ${rowHash('l')} as is_same_row,
      case when l.erased_at is not null then l.before is null and l.after is null
        else s.before_hash is not distinct from ${payloadHash('s.salt', 'l.before')}
          and s.after_hash is not distinct from ${payloadHash('s.salt', 'l.after')} end as is_same_payload,
      l.erased_at is null or exists (select from audit_log e where e.tenant_id = l.tenant_id and e.id = l.erased_by
        and e.action = 'erased' and e.entity = l.entity and e.entity_id = l.entity_id) as is_recorded,
      l.at < greatest(max(l.at) over (places rows between unbounded preceding and 1 preceding), $6::timestamptz) - interval '1 hour' as is_backdated
    from audit_seals s left join audit_log l on l.tenant_id = s.tenant_id and l.id = s.audit_id
    where s.tenant_id = $1 and s.seq > $2 and s.seq <= $3
    window places as (order by s.seq)),
  judged as (
    select c.*, case
        when previous_seq + 1 <> seq then 'gap'
        when not is_linked then 'unchained'
        when id is null then 'deleted'
        when not is_same_row or not is_same_payload then 'altered'
        when not is_recorded then 'unrecorded_erasure'
        when is_backdated then 'backdated' end as kind
    from chain c),
  worst as (select * from judged where kind is not null order by seq limit 1),
  last as (select seq, link from judged order by seq desc limit 1)
  select (select count(*)::int from judged) as rows, (select count(*)::int from judged where erased_at is not null) as erased,
    last.seq as last_seq, last.link as last_link, greatest((select max(at) from judged), $6::timestamptz) as latest,
    worst.kind, case worst.kind when 'gap' then worst.previous_seq + 1 else worst.seq end as fault_seq,
    case worst.kind when 'gap' then null else worst.audit_id end as audit_id
  from (select) one left join worst on true left join last on true`;

const SEALLESS = `
  with page as (select l.id, l.sealed from audit_log l where l.tenant_id = $1 and l.id > $2 order by l.id limit $3)
  select count(*)::int as rows, max(p.id) as last, min(p.id) filter (where p.sealed
    and not exists (select from audit_seals s where s.tenant_id = $1 and s.audit_id = p.id)) as inserted
  from page p`;

const LINKS = `select seq, audit_id as "auditId", encode(link, 'hex') as link from audit_seals where tenant_id = $1 and seq = any($2::bigint[])`;

/** Reads the current tenant's chain and recomputes it, as text of our own: not by functions that stand in the database. */
@Injectable()
export class ChainQueries {
  constructor(private readonly db: Database) {}

  async head(): Promise<Head> {
    const head = await this.db.one<Head>(HEAD, [currentTenantId()]);
    if (!head) throw new Error('A select without a table gives one row');
    return head;
  }

  /** Checks the places after `after` up to `to`, which follow on `place`. */
  async stretch(after: number, to: number, place: Place): Promise<Stretch> {
    const values = [currentTenantId(), after, to, place.seq, place.link, place.latest];
    const row = await this.db.one<StretchRow>(STRETCH, values);
    if (!row) throw new Error('A select without a table gives one row');
    const seen = { seq: row.last_seq ?? place.seq, link: row.last_link ?? place.link, latest: row.latest };
    const fault = row.kind ? { kind: row.kind, seq: row.fault_seq, auditId: row.audit_id } : undefined;
    return { place: seen, rows: row.rows, erased: row.erased, fault };
  }

  /** The first row that claims a seal which is not there. */
  async findInserted(pageRows: number): Promise<number | undefined> {
    for (let after = 0; ;) {
      const values = [currentTenantId(), after, pageRows];
      const page = await this.db.one<{ rows: number; last: number; inserted: number | null }>(SEALLESS, values);
      if (!page || page.inserted !== null) return page?.inserted ?? undefined;
      if (page.rows < pageRows) return undefined;
      after = page.last;
    }
  }

  links(seqs: readonly number[]): Promise<Link[]> {
    return this.db.query<Link>(LINKS, [currentTenantId(), seqs]);
  }
}
