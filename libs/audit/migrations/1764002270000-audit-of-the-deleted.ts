import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rowHash } from '../src/sealing/canonical.js';
import { trailLock } from '../src/sealing/trail-lock.js';
import { sealingBy } from './1763700200000-audit-seals.js';

/** Nothing is sealed of a tenant that is being deleted, and no chain is begun for what is gone. */
export class AuditOfTheDeleted1764002270000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await this.seal(q, IF_THERE);
  }

  async down(q: QueryRunner): Promise<void> {
    await this.seal(q);
  }

  private async seal(q: QueryRunner, before?: string): Promise<void> {
    await dropFunction(q, 'audit_seal(uuid, int)');
    await createDoor(q, 'audit_seal(of_tenant uuid, most int)', sealingBy(rowHash, before));
  }
}

// Two statements: the second one looks when the lock is held, so after a deletion that held it.
const IF_THERE = `if not pg_try_advisory_xact_lock_shared(${trailLock('of_tenant')}) then return 0; end if;
  if not exists (select from audit_log l where l.tenant_id = of_tenant and not l.sealed) then return 0; end if;
  `;
