import { Clock, newId } from '@app/kernel';
import { currentTenantId, Database, defineFailpoint, failpoint, runAsSystem, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { trailLock } from '../sealing/trail-lock.js';
import type { SignedCheckpoint } from './checkpoint.js';
import { CheckpointFile, type KeptOutside } from './checkpoint-file.js';
import { CheckpointSigner } from './checkpoint-signer.js';

type DueRow = { tenant_id: string; seq: number; link: Buffer };
type StoredRow = { seq: number; link: string; at: Date; key_id: string; signature: string };

const MOST_ROWS = 1000;
const MOST_SECONDS = 300;
const keptOutside = defineFailpoint(
  'audit.checkpoint-kept',
  'The checkpoint is in its file, the database has not noted it.',
);

/**
 * Signed heads of the chains, kept in the database and in a file outside it. A chain alone shows what was changed in
 * it, but not that its end is missing or that all of it was made anew.
 */
@Injectable()
export class Checkpoints {
  constructor(
    private readonly db: Database,
    private readonly file: CheckpointFile,
    private readonly signer: CheckpointSigner,
    private readonly clock: Clock,
  ) {}

  /** For each tenant whose last one is 1,000 rows or 5 minutes behind. @returns how many were made */
  async makeDue(limits = { rows: MOST_ROWS, seconds: MOST_SECONDS }): Promise<number> {
    const due = await runOutside(() =>
      this.db.query<DueRow>('select * from audit_checkpoints_due($1, $2)', [limits.rows, limits.seconds]),
    );
    for (const head of due) await runAsSystem(head.tenant_id, 'audit.checkpoint', newId(), () => this.keep(head));
    return due.length;
  }

  /** The current tenant's, from the file and from the database, each once, oldest first. */
  async all(): Promise<KeptOutside> {
    const outside = await this.file.read(currentTenantId());
    const seen = new Set(outside.checkpoints.map(({ signature }) => signature));
    const inside = (await this.stored()).filter(({ signature }) => !seen.has(signature));
    const checkpoints = [...outside.checkpoints, ...inside].sort((a, b) => a.seq - b.seq);
    return { ...outside, checkpoints };
  }

  /** First outside, then inside: two workers at once, or a crash between the two, cost a second line that says the same. */
  private async keep({ tenant_id: tenantId, seq, link }: DueRow): Promise<void> {
    const signed = this.signer.sign({ tenantId, seq, link: link.toString('hex'), at: this.clock.now().toISOString() });
    await this.file.append(signed);
    failpoint(keptOutside);
    await this.db.transaction(async () => {
      await this.db.query(`select pg_advisory_xact_lock_shared(${trailLock('$1')})`, [tenantId]);
      await this.db.query(
        `insert into audit_checkpoints (seq, link, at, key_id, signature) select $2, $3, $4, $5, $6
         where exists (select from audit_heads h where h.tenant_id = $1) on conflict do nothing`,
        [tenantId, seq, link, signed.at, signed.keyId, signed.signature],
      );
    });
  }

  private async stored(): Promise<SignedCheckpoint[]> {
    const tenantId = currentTenantId();
    const rows = await this.db.query<StoredRow>(
      `select seq, encode(link, 'hex') as link, at, key_id, signature from audit_checkpoints where tenant_id = $1`,
      [tenantId],
    );
    return rows.map(({ at, key_id: keyId, ...row }) => ({ ...row, tenantId, at: at.toISOString(), keyId }));
  }
}
