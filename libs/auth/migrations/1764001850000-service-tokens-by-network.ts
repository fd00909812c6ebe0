import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From where a service token may be used. */
export class ServiceTokensByNetwork1764001850000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table service_tokens add column allowed_from text[] not null default '{}'`);
    await createDoor(
      q,
      'token_allowed_from(in_tenant uuid, token uuid)',
      `returns text[] language sql stable as $$
        select k.allowed_from from service_tokens k where k.tenant_id = in_tenant and k.id = token $$`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'token_allowed_from(uuid, uuid)');
    await q.query('alter table service_tokens drop column allowed_from');
  }
}
