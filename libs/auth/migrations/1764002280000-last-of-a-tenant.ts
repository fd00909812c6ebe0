import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasingLast } from './1764001550000-closing-tenants.js';

/** The last of a tenant goes while nobody adds to its trail: what was being sealed just then stayed behind. */
export class LastOfATenant1764002280000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await this.erase(q, ALONE);
  }

  async down(q: QueryRunner): Promise<void> {
    await this.erase(q);
  }

  private async erase(q: QueryRunner, before?: string): Promise<void> {
    await dropFunction(q, 'tenant_erase_last(uuid, timestamptz)');
    await createDoor(q, 'tenant_erase_last(of_tenant uuid, at timestamptz)', erasingLast(before));
  }
}

// The audit trail's lock, which its sealer shares.
const ALONE = `perform pg_advisory_xact_lock(hashtextextended('audit trail ' || of_tenant::text, 0));
  `;
