import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which fields of records a role does not see, or does not write. */
export class FieldRights1764002190000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table roles add column field_rules jsonb not null default '{}'
      constraint roles_field_rules_are_an_object check (jsonb_typeof(field_rules) = 'object')`);
    await createDoor(q, 'field_rules_of(in_tenant uuid, holder uuid)', FIELD_RULES_OF);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'field_rules_of(uuid, uuid)');
    await q.query('alter table roles drop column field_rules');
  }
}

// A service token sees no more than whoever made it.
const FIELD_RULES_OF = `returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(r.field_rules), '[]') from user_roles ur
    join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
  where ur.tenant_id = in_tenant and ur.user_id = coalesce(
    (select k.created_by from service_tokens k where k.tenant_id = in_tenant and k.id = holder), holder) $$`;
