import { Clock } from '@app/kernel';
import { currentActor, currentTenantId, Database, isDatabaseFault, Jobs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DuplicateRulesService } from './duplicate-rules.service.js';
import { DuplicateScan } from './duplicate-scan.entity.js';
import { ScanDuplicates } from './duplicates.jobs.js';
import { Likenesses } from './likenesses.js';

const STEP = 1_000;

/** Looks through all customers of a tenant, a thousand a job: a worker that dies loses one step, which is done again. */
@Injectable()
export class DuplicateScans {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly rules: DuplicateRulesService,
    private readonly likenesses: Likenesses,
  ) {}

  /** One at a time: while one runs, it is the answer. */
  async start(): Promise<DuplicateScan> {
    for (let attempt = 1; ; attempt++) {
      const running = await this.running();
      if (running) return running;
      try {
        return await this.db.transaction(() => this.db.savepoint(() => this.begin()));
      } catch (error) {
        const isBegun = isDatabaseFault(error) && error.constraint === 'customer_duplicate_scans_one_at_a_time';
        if (!isBegun || attempt >= 3) throw error; // it may be over by the time we look
      }
    }
  }

  async step(scanId: string): Promise<void> {
    await this.db.transaction(async () => {
      const scan = await this.db.lock(DuplicateScan, scanId);
      if (scan.state === 'done') return;
      const ids = await this.after(scan.lastId);
      const { leastScore } = await this.rules.current();
      scan.pass(ids, await this.likenesses.record(ids, leastScore));
      if (ids.length < STEP) scan.finish(this.clock.now());
      else await this.jobs.enqueue(ScanDuplicates, { scanId });
      await this.db.save(scan);
    });
  }

  private async begin(): Promise<DuplicateScan> {
    const scan = await this.db.create(DuplicateScan.start(currentActor().id));
    await this.jobs.enqueue(ScanDuplicates, { scanId: scan.id });
    return scan;
  }

  private async running(): Promise<DuplicateScan | undefined> {
    const which = `tenant_id = $1 and state = 'running'`;
    return (await this.db.findWhere(DuplicateScan, which, [currentTenantId()]))[0];
  }

  private async after(id: string | null): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      `select id from customers where tenant_id = $1 and ($2::uuid is null or id > $2) and deleted_at is null order by id limit ${STEP}`,
      [currentTenantId(), id],
    );
    return rows.map((row) => row.id);
  }
}
