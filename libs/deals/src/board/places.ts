import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CardNotThere, NoRoomBetween } from '../deals/deal.errors.js';
import { rankBetween } from './rank.js';

/** An index takes ranks a good deal longer. */
const LONGEST_RANK = 500;

type Neighbours = { lo: string | null; hi: string | null };

/** Where in its column a card goes. Two that are put into one place at once have one rank, and their ids say who is first. */
@Injectable()
export class Places {
  constructor(private readonly db: Database) {}

  onTop(stageId: string): Promise<string> {
    return this.find(stageId, undefined, null);
  }

  /** Right below that card. @throws CardNotThere, NoRoomBetween */
  below(stageId: string, below: string, moved: string): Promise<string> {
    return this.find(stageId, below, moved);
  }

  private async find(stageId: string, below: string | undefined, moved: string | null): Promise<string> {
    const standing = `d.tenant_id = $1 and d.stage_id = $2 and d.status = 'open' and d.deleted_at is null`;
    const next = (further: string): string => `(select min(d.rank) from deals d where ${standing} and ${further})`;
    const [text, values] = below
      ? [
          `select b.rank as lo, ${next('d.rank > b.rank and d.id <> $4')} as hi
           from (select d.rank from deals d where ${standing} and d.id = $3 and d.id <> $4) b`,
          [currentTenantId(), stageId, below, moved],
        ]
      : [`select null as lo, ${next('true')} as hi`, [currentTenantId(), stageId]];
    const found = await this.db.one<Neighbours>(text, values);
    if (!found) throw new CardNotThere();
    const rank = rankBetween(found.lo, found.hi);
    if (rank.length > LONGEST_RANK) throw new NoRoomBetween();
    return rank;
  }
}
