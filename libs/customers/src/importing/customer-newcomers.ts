import { Batches, Database, type ImportOutcome, rehearse } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Customer } from '../customer.entity.js';
import { LikelyDuplicate } from '../customer.errors.js';
import { DuplicateRulesService } from '../duplicates/duplicate-rules.service.js';
import { type Alike, Likenesses } from '../duplicates/likenesses.js';
import { DuplicateNoted } from '../events.js';

/** Many new customers at once, by the duplicate rules by which one is entered. */
@Injectable()
export class CustomerNewcomers {
  constructor(
    private readonly db: Database,
    private readonly batches: Batches,
    private readonly rules: DuplicateRulesService,
    private readonly likenesses: Likenesses,
  ) {}

  /** In this order: of two who are alike, the later one is the duplicate. */
  async createAll(customers: readonly Customer[]): Promise<readonly ImportOutcome[]> {
    const { onCreate, leastScore } = await this.rules.current();
    const refused = onCreate === 'refuse' ? await this.duplicatesAmong(customers, leastScore) : new Set<string>();
    const accepted = customers.filter(({ id }) => !refused.has(id));
    await this.batches.createAll(accepted);
    if (onCreate === 'note') await this.note(accepted, leastScore);
    return customers.map((customer) => outcomeOf(customer, refused.has(customer.id)));
  }

  /** Who is like whom is asked of rows, so they are written once to ask. */
  private async duplicatesAmong(customers: readonly Customer[], leastScore: number): Promise<ReadonlySet<string>> {
    const ids = customers.map(({ id }) => id);
    const alike = await rehearse(this.db, async () => {
      await this.batches.insertAll(customers);
      return this.likenesses.among(ids, leastScore);
    });
    return laterOnes(ids, alike);
  }

  private async note(customers: readonly Customer[], leastScore: number): Promise<void> {
    const ids = customers.map(({ id }) => id);
    const alike = await this.likenesses.among(ids, leastScore);
    if (alike.length === 0) return;
    await this.likenesses.record(ids, leastScore);
    const likest = ids.flatMap(
      (id) => alike.find(({ customerId, otherId }) => customerId === id || otherId === id) ?? [],
    );
    await this.db.publish(
      ...[...new Set(likest)].map(({ customerId, otherId, score }) => DuplicateNoted({ customerId, otherId, score })),
    );
  }
}

/** Those who are like somebody who was there, or who comes before them and is not refused. */
function laterOnes(ids: readonly string[], alike: readonly Alike[]): ReadonlySet<string> {
  const place = new Map(ids.map((id, at) => [id, at]));
  const refused = new Set<string>();
  for (const [at, id] of ids.entries()) {
    const others = alike.flatMap(({ customerId, otherId }) => {
      if (customerId === id) return [otherId];
      return otherId === id ? [customerId] : [];
    });
    if (others.some((other) => (place.get(other) ?? -1) < at && !refused.has(other))) refused.add(id);
  }
  return refused;
}

function outcomeOf({ id }: Customer, isRefused: boolean): ImportOutcome {
  if (!isRefused) return { outcome: 'created', recordId: id };
  const { code, message: detail } = new LikelyDuplicate([]);
  return { outcome: 'refused', refusal: { code, detail } };
}
