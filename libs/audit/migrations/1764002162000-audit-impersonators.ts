import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { firstRowHash, rowHash } from '../src/sealing/canonical.js';
import { sealingBy } from './1763700200000-audit-seals.js';

/** Who really acted is sealed with the row; a row of somebody who acted as themselves is hashed as ever. */
export class AuditImpersonators1764002162000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await this.sealBy(q, rowHash);
  }

  async down(q: QueryRunner): Promise<void> {
    await this.sealBy(q, firstRowHash);
  }

  private async sealBy(q: QueryRunner, hash: (row: string) => string): Promise<void> {
    await dropFunction(q, 'audit_seal(uuid, int)');
    await createDoor(q, 'audit_seal(of_tenant uuid, most int)', sealingBy(hash));
  }
}
