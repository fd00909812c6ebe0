import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Approvals1763700800000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'approval_policies', POLICIES, { audit: true });
    await createTenantTable(q, 'approval_requests', REQUESTS, { audit: true });
    await q.query(
      "create unique index approval_requests_one_pending on approval_requests (tenant_id, subject_kind, subject_id) where status = 'pending'",
    );
    await q.query(
      'create index approval_requests_of_subject on approval_requests (tenant_id, subject_kind, subject_id, created_at, id)',
    );
    await q.query(
      "create index approval_requests_queue on approval_requests (tenant_id, due_at, id) where status = 'pending'",
    );
    await q.query('create index approval_requests_by_creation on approval_requests (tenant_id, created_at, id)');
    await q.query(
      'create index approval_requests_by_requester on approval_requests (tenant_id, requested_by, created_at)',
    );
    await createTenantTable(q, 'approval_decisions', DECISIONS, { audit: true });
    await q.query('revoke update, delete on approval_decisions from nexus_app');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'approval_decisions', 'approval_requests', 'approval_policies');
  }
}

const KIND = `subject_kind text not null check (subject_kind ~ '^[a-z][a-z0-9_.-]{0,59}$')`;

const KEPT = `
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()`;

const POLICIES = `
  id uuid not null, ${KIND}, name text not null,
  required int not null default 1 constraint approval_policies_somebody_decides check (required >= 1),
  allow_self_approval boolean not null default false,
  is_active boolean not null default true,
  ${KEPT},
  constraint approval_policies_one_per_kind unique (tenant_id, subject_kind)`;

// Who asks and who decides may be a service or the system itself: no foreign keys to people.
const REQUESTS = `
  id uuid not null, ${KIND}, subject_id uuid not null,
  revision int not null constraint approval_requests_revision_counts check (revision >= 1),
  content_hash text not null, title text not null,
  team_id uuid, due_at timestamptz(3),
  requested_by uuid not null, excluded uuid[] not null,
  status text not null default 'pending' constraint approval_requests_status_is_known
    check (status in ('pending', 'approved', 'rejected', 'recalled', 'superseded')),
  stage int not null default 1, required int not null default 1,
  decided_by uuid, decided_at timestamptz(3), notes text,
  ${KEPT},
  constraint approval_requests_requester_is_excluded check (requested_by = any (excluded)),
  constraint approval_requests_decision_is_whole
    check ((status in ('approved', 'rejected')) = (decided_at is not null) and (decided_at is null) = (decided_by is null)),
  constraint approval_requests_rejection_has_notes check (status <> 'rejected' or notes ~ '\\S')`;

const DECISIONS = `
  id uuid not null, request_id uuid not null,
  stage int not null, revision int not null,
  decision text not null constraint approval_decisions_decision_is_known check (decision in ('approved', 'rejected')),
  decided_by uuid not null, notes text, is_self_approval boolean not null default false,
  at timestamptz(3) not null,
  constraint approval_decisions_request foreign key (tenant_id, request_id) references approval_requests (tenant_id, id),
  constraint approval_decisions_one_voice unique (tenant_id, request_id, stage, decided_by)`;
