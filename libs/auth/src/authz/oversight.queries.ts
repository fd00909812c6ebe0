import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** A team that somebody reaches since they lead one above it: the names from that one down to it. */
export type Overseen = { readonly id: string; readonly name: string; readonly path: readonly string[] };

const MOST_NAMED = 200;
const OVERSEEN = `with recursive led(id, name, path) as (
    select t.id, t.name, array[t.name] from team_members m join teams t on t.tenant_id = m.tenant_id and t.id = m.team_id
    where m.tenant_id = app_tenant() and m.user_id = $1 and m.is_lead
    union all
    select t.id, t.name, led.path || t.name from led join teams t on t.tenant_id = app_tenant() and t.parent_id = led.id)
  select distinct on (id) id, name, path from led
  where cardinality(path) > 1 and id not in (select m.team_id from team_members m where m.tenant_id = app_tenant() and m.user_id = $1)
  order by id, cardinality(path) limit ${MOST_NAMED}`;

/** By which way down somebody reaches teams that they are no member of. */
@Injectable()
export class OversightQueries {
  constructor(private readonly db: Database) {}

  /** The shortest way to each, in the order of their ids; of at most 200 teams. */
  of(userId: string): Promise<Overseen[]> {
    return this.db.query<Overseen>(OVERSEEN, [userId]);
  }
}

/** `leads Sales, which is above Sales North` */
export const becauseOf = ({ path }: Overseen): string => `leads ${path.join(', which is above ')}`;
