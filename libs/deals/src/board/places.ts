import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CardNotThere } from '../deals/deal.errors.js';
import { rankBetween } from './rank.js';

/** An index takes ranks a good deal longer. */
const LONGEST_RANK = 500;

type Neighbours = { lo: string | null; hi: string | null; hasTwin: boolean };

const STANDING = `d.tenant_id = $1 and d.stage_id = $2 and d.status = 'open' and d.deleted_at is null`;

/**
 * Where in its column a card goes. Two that are put into one place at once have one rank, and their ids say who is first;
 * whoever wants to go between them, or where thousands went before, has the column spread first.
 */
@Injectable()
export class Places {
  constructor(private readonly db: Database) {}

  async onTop(stageId: string): Promise<string> {
    const text = `select min(d.rank) as hi from deals d where ${STANDING}`;
    const found = await this.db.one<{ hi: string | null }>(text, [currentTenantId(), stageId]);
    return rankBetween(null, found?.hi ?? null);
  }

  /** Right below that card. @throws CardNotThere */
  async below(stageId: string, below: string, moved: string): Promise<string> {
    const rank = await this.find(stageId, below, moved);
    if (rank) return rank;
    await this.spread(stageId, moved);
    return this.below(stageId, below, moved);
  }

  /** Undefined where there is no room. */
  private async find(stageId: string, below: string, moved: string): Promise<string | undefined> {
    const found = await this.db.one<Neighbours>(
      `select b.rank as lo, (select min(d.rank) from deals d where ${STANDING} and d.rank > b.rank and d.id <> $4) as hi,
         exists (select 1 from deals d where ${STANDING} and d.rank = b.rank and d.id > b.id and d.id <> $4) as "hasTwin"
       from (select d.id, d.rank from deals d where ${STANDING} and d.id = $3 and d.id <> $4) b`,
      [currentTenantId(), stageId, below, moved],
    );
    if (!found) throw new CardNotThere();
    if (found.hasTwin) return undefined;
    const rank = rankBetween(found.lo, found.hi);
    return rank.length > LONGEST_RANK ? undefined : rank;
  }

  /** Gives each other card of a column a short rank of its own, in the order that they have; one such spreading at a time. */
  private async spread(stageId: string, moved: string): Promise<void> {
    await this.db.transaction(async () => {
      const stage = 'select 1 from pipeline_stages where tenant_id = $1 and id = $2 for no key update';
      await this.db.query(stage, [currentTenantId(), stageId]);
      await this.db.query(
        `update deals t set rank = o.rank, version = t.version + 1, updated_at = now()
         from (select d.id, 'i' || lpad((row_number() over (order by d.rank, d.id))::text, 7, '0') as rank
           from deals d where ${STANDING} and d.id <> $3) o
         where t.tenant_id = $1 and t.id = o.id and t.rank <> o.rank`,
        [currentTenantId(), stageId, moved],
      );
    });
  }
}
