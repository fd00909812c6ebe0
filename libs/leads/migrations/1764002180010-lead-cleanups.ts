import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of two leads one, and two again: merges, the cleanups that made many of them, and what a tenant wants of both. */
export class LeadCleanups1764002180010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'lead_cleanups', CLEANUPS, { audit: true });
    await q.query('create index lead_cleanups_by_creation on lead_cleanups (tenant_id, created_at desc, id desc)');
    await createTenantTable(q, 'lead_merges', MERGES, { audit: true });
    for (const index of INDEXES) await q.query(index);
    await createTenantTable(q, 'lead_settings', SETTINGS, { audit: true });
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'lead_settings', 'lead_merges', 'lead_cleanups');
  }
}

const KEPT = `version int not null default 1, created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now()`;
const KEEPS = `('oldest', 'richest')`;

const CLEANUPS = `
  id uuid not null, keep text not null constraint lead_cleanups_keep_is_known check (keep in ${KEEPS}),
  merged int not null, has_more boolean not null, started_by uuid not null,
  undone_by uuid, undone_at timestamptz(3), undone int,
  ${KEPT},
  constraint lead_cleanups_are_undone_whole check ((undone_at is null) = (undone_by is null) and (undone_at is null) = (undone is null))`;

const MERGES = `
  id uuid not null, survivor_id uuid not null, loser_id uuid not null, cleanup_id uuid,
  reasons text[] not null constraint lead_merges_reasons_are_known check (reasons <@ array['same_email', 'same_phone', 'same_mail', 'by_hand']),
  loser_status text not null, before jsonb not null, after jsonb not null, moved jsonb not null,
  merged_by uuid not null, undone_by uuid, undone_at timestamptz(3),
  ${KEPT},
  constraint lead_merges_are_of_two check (survivor_id <> loser_id),
  constraint lead_merges_survivor foreign key (tenant_id, survivor_id) references leads (tenant_id, id),
  constraint lead_merges_loser foreign key (tenant_id, loser_id) references leads (tenant_id, id),
  constraint lead_merges_cleanup foreign key (tenant_id, cleanup_id) references lead_cleanups (tenant_id, id)
    deferrable initially deferred`;

const INDEXES = [
  'create unique index lead_merges_once on lead_merges (tenant_id, loser_id) where undone_at is null',
  'create index lead_merges_by_creation on lead_merges (tenant_id, created_at desc, id desc)',
  'create index lead_merges_of_survivor on lead_merges (tenant_id, survivor_id, created_at desc, id desc)',
  'create index lead_merges_of_cleanup on lead_merges (tenant_id, cleanup_id, created_at desc, id desc) where cleanup_id is not null',
];

const SETTINGS = `
  id uuid not null, mailbox_ids uuid[] not null default '{}', cleans_up_nightly boolean not null,
  keep text not null constraint lead_settings_keep_is_known check (keep in ${KEEPS}),
  ${KEPT}`;
