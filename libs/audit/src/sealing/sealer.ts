import { Database, Metrics, runOutside } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';

const BATCH = 2000; // some 60 ms: a batch is one transaction, and the tenant's head is held that long

/** Appends the audit rows of finished transactions to their tenant's hash chain. Any number may run at once. */
@Injectable()
export class AuditSealer {
  private readonly log = new Logger('audit');

  constructor(
    private readonly db: Database,
    private readonly metrics: Metrics,
  ) {}

  /** Seals what can be sealed now, of all tenants. @returns how many rows */
  seal(): Promise<number> {
    return runOutside(async () => {
      let sealed = 0;
      const tenants = await this.db.query<{ id: string }>('select audit_waiting() as id');
      for (const { id } of tenants) sealed += await this.sealTenant(id).catch((error: Error) => this.leave(id, error));
      this.metrics.counter('audit_rows_sealed_total', 'Audit rows appended to their chain.').inc(sealed);
      return sealed;
    });
  }

  private async sealTenant(tenantId: string): Promise<number> {
    let sealed = 0;
    for (let last = BATCH; last === BATCH; sealed += last) {
      const row = await this.db.one<{ sealed: number }>('select audit_seal($1, $2) as sealed', [tenantId, BATCH]);
      last = row?.sealed ?? 0;
    }
    return sealed;
  }

  /** One tenant's fault keeps no other from being sealed. */
  private leave(tenantId: string, error: Error): number {
    this.log.error({ tenantId, error: error.message }, 'the audit trail was not sealed');
    return 0;
  }
}
