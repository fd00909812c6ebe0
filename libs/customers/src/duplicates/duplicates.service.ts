import { Clock } from '@app/kernel';
import { currentActor, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Duplicate } from './duplicate.entity.js';
import { DuplicatesQueries } from './duplicates.queries.js';

/** What people say about customers who are probably one person. */
@Injectable()
export class DuplicatesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: DuplicatesQueries,
  ) {}

  /** They are two people: they are not listed as open again. @throws RecordNotFound when one of both is out of reach */
  async dismiss(id: string, version?: number): Promise<void> {
    await this.queries.view(id);
    const { id: by } = currentActor();
    await this.db.change(Duplicate, id, version, (pair) => pair.dismiss(by, this.clock.now()));
  }
}
