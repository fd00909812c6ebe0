import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Likeness } from './duplicate.entity.js';

export type Alike = { customerId: string; otherId: string; score: number; reasons: readonly Likeness[] };

const ALIKE = `select a.customer_id as "customerId", a.other_id as "otherId", a.score, a.reasons from customers_alike($1::uuid[]) a
  where a.score >= $2 order by a.score desc, a.customer_id, a.other_id`;

// A pair is counted with the first of its two. Who was dismissed stays so, whatever the score becomes.
const RECORD = `with alike as (select * from customers_alike($1::uuid[]) a where a.score >= $2),
  gone as (delete from customer_duplicates d where d.tenant_id = $3 and d.status = 'open'
    and (d.customer_id = any ($1::uuid[]) or d.other_id = any ($1::uuid[]))
    and not exists (select 1 from alike a where a.customer_id = d.customer_id and a.other_id = d.other_id)),
  kept as (insert into customer_duplicates as d (customer_id, other_id, score, reasons)
    select a.customer_id, a.other_id, a.score, a.reasons from alike a order by a.customer_id, a.other_id
    on conflict (tenant_id, customer_id, other_id) do update
      set score = excluded.score, reasons = excluded.reasons, version = d.version + 1, updated_at = now()
      where d.reasons <> excluded.reasons)
  select count(*)::int as found from alike a where a.customer_id = any ($1::uuid[])`;

/** Who is like whom: by the keys that they share, so that nobody is compared with everybody. */
@Injectable()
export class Likenesses {
  constructor(private readonly db: Database) {}

  /** The pairs that these customers make with anybody, the likest first. */
  among(ids: readonly string[], leastScore: number): Promise<Alike[]> {
    return this.db.query<Alike>(ALIKE, [ids, leastScore]);
  }

  /** Keeps their pairs, and drops those that are none any more; in the open transaction. Answers how many there are. */
  async record(ids: readonly string[], leastScore: number): Promise<number> {
    const row = await this.db.one<{ found: number }>(RECORD, [ids, leastScore, currentTenantId()]);
    return row?.found ?? 0;
  }
}
