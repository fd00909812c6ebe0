import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { IS_LIVE } from '../leads/lead.policy.js';
import type { Candidate } from './likeness.js';

/** How many leads one transaction looks at and holds. */
export const MOST_CANDIDATES = 1000;
const MOST_OF_A_KEY = 200;

const alike = (column: string): string =>
  `(select (array_agg(l.id order by l.created_at, l.id))[1:${MOST_OF_A_KEY}] as ids, min(l.id::text) as first from leads l
    where l.tenant_id = $1 and ${IS_LIVE} and l.${column} is not null group by l.${column} having count(*) > 1
    order by first limit ${MOST_CANDIDATES})`;
const GROUPS = ['email', 'phone', 'mail_hash'].map(alike).join(' union all ');

// What is converted, dropped, merged or thrown away while this waits for it is not among them any more.
const HELD = `select l.id, l.email, l.phone, l.mail_hash as "mailHash", l.created_at as "createdAt",
    num_nonnulls(l.email, l.phone, l.company, l.subject, l.message, l.next_action, l.owner_id)
      + (select count(*) from jsonb_object_keys(l.utm)) + (select count(*) from jsonb_object_keys(l.custom_fields))
      + (select count(*) from lead_messages m where m.tenant_id = l.tenant_id and m.lead_id = l.id)
      + (select count(*) from notes n where n.tenant_id = l.tenant_id and n.record_kind = 'leads' and n.record_id = l.id)
      + (select count(*) from files f where f.tenant_id = l.tenant_id and f.record_kind = 'leads' and f.record_id = l.id)
    as richness
  from leads l where l.tenant_id = $1 and l.id = any ($2::uuid[]) and ${IS_LIVE} order by l.id for update`;

/** Leads that may be one person. */
@Injectable()
export class CandidatesQueries {
  constructor(private readonly db: Database) {}

  /** In the open transaction: some that share a key with others, all of them held until its end; `isAll` when there are no more. */
  async hold(): Promise<{ candidates: Candidate[]; isAll: boolean }> {
    const groups = await this.db.query<{ ids: string[] }>(`select g.ids from (${GROUPS}) g order by g.first`, [
      currentTenantId(),
    ]);
    const ids = new Set<string>();
    const left = groups.filter((group) => {
      const isRoom = ids.size + group.ids.length <= MOST_CANDIDATES;
      if (isRoom) for (const id of group.ids) ids.add(id);
      return !isRoom || group.ids.length === MOST_OF_A_KEY;
    });
    const candidates = await this.db.query<Candidate>(HELD, [currentTenantId(), [...ids]]);
    return { candidates: candidates.map((one) => ({ ...one, richness: Number(one.richness) })), isAll: !left.length };
  }
}
