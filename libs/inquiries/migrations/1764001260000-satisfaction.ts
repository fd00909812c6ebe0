import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What customers were asked after a resolution, and what they said. */
export class Satisfaction1764001260000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table inquiry_settings add satisfaction_url text
      constraint inquiry_settings_satisfaction_url_names_the_token check (satisfaction_url like 'https://%{token}%')`);
    await createTenantTable(q, 'satisfaction_surveys', SURVEYS, { audit: true, except: ['token_hash', 'comment'] });
    await q.query('create index satisfaction_surveys_by_token on satisfaction_surveys (token_hash)');
    await createDoor(q, 'satisfaction_survey_owner(hash bytea)', OWNER);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'satisfaction_survey_owner(bytea)');
    await dropTables(q, 'satisfaction_surveys');
    await q.query('alter table inquiry_settings drop satisfaction_url');
  }
}

const SURVEYS = `
  id uuid not null, inquiry_id uuid not null, token_hash bytea not null,
  asked_at timestamptz(3) not null, expires_at timestamptz(3) not null,
  score int constraint satisfaction_surveys_score_is_bounded check (score between 1 and 5),
  comment text, answered_at timestamptz(3), version int not null default 1,
  constraint satisfaction_surveys_one_an_inquiry unique (tenant_id, inquiry_id),
  constraint satisfaction_surveys_answer_is_whole check ((score is null) = (answered_at is null) and (comment is null or score is not null)),
  constraint satisfaction_surveys_inquiry foreign key (tenant_id, inquiry_id) references inquiries (tenant_id, id) on delete cascade`;

// Whoever answers has no tenant: the link says whose survey it is.
const OWNER = `returns table (tenant_id uuid, survey_id uuid) language sql stable as $$
  select s.tenant_id, s.id from satisfaction_surveys s join tenants t on t.id = s.tenant_id
  where s.token_hash = hash and t.status = 'active' $$`;
