import { AuthFacade } from '@app/auth';
import { CalendarsFacade } from '@app/calendars';
import { Clock, newId } from '@app/kernel';
import { Database, FileStore, Jobs, runAsSystem, type StoredFile } from '@app/platform';
import { KeepFieldIndex } from '@app/records';
import type { INestApplicationContext } from '@nestjs/common';
import { priceRows, productRows, taxClassRows } from './demo-catalog.js';
import {
  dealContactRows,
  dealRows,
  END_DEALS,
  itemRows,
  pipelineRows,
  rateRows,
  snapshotRows,
  stageRows,
} from './demo-deals.js';
import {
  companyContactRows,
  companyRows,
  customerRows,
  type Desk,
  duplicateRows,
  duplicateScanRows,
} from './demo-customers.js';
import { demoId, SERIES } from './demo-ids.js';
import {
  clockRows,
  distributionRows,
  INQUIRIES,
  inquiryRows,
  macroRows,
  messageRows,
  surveyRows,
  watcherRows,
} from './demo-inquiries.js';
import {
  customFieldRows,
  DEMO_FILE,
  fileRows,
  fileVersionRow,
  noteRows,
  recordTagRows,
  savedViewRows,
  tagRows,
} from './demo-records.js';
import { DEMO_CSV, exportRow, importRow, importRowRows, jobRows } from './demo-transfers.js';
import { ignoredSenderRows, leadCleanupRows, leadMergeRows, leadMessageRows, leadRows } from './demo-leads.js';
import { createPeople, DEMO_TENANTS, type DemoPerson, type DemoTenant, peopleOf } from './demo-people.js';
import { approvalRows, decisionRows, responseRows, revisionRows, stepRows } from './demo-responses.js';
import { insertRows } from './demo-rows.js';
import { segmentRows } from './demo-segments.js';
import { sideConversationRows, sideMessageRows } from './demo-side-conversations.js';
import { projectRows, recurrenceRows, taskRows, worklogRows } from './demo-work.js';

/** Loads each demo tenant that is not there yet, all of it or nothing. Answers who may log in. */
export async function loadDemo(app: INestApplicationContext, password: string): Promise<DemoPerson[]> {
  const auth = app.get(AuthFacade, { strict: false });
  const there = new Set((await auth.activeTenants()).map(({ slug }) => slug));
  for (const tenant of DEMO_TENANTS) if (!there.has(tenant.slug)) await loadTenant(app, auth, tenant, password);
  return DEMO_TENANTS.flatMap(peopleOf);
}

async function loadTenant(
  app: INestApplicationContext,
  auth: AuthFacade,
  tenant: DemoTenant,
  password: string,
): Promise<void> {
  const { slug, title, zone } = tenant;
  const { id } = await auth.createTenant({ slug, title, zone });
  const now = app.get(Clock, { strict: false }).now();
  const db = app.get(Database, { strict: false });
  await runAsSystem(id, 'demo.seed', newId(), async () => {
    await createPeople(auth, tenant, password);
    await app.get(CalendarsFacade, { strict: false }).provideDefault(zone);
    const store = app.get(FileStore, { strict: false });
    const files = { call: await store.put(DEMO_FILE), people: await store.put(DEMO_CSV) };
    await db.transaction(() => loadRecords(db, tenant, now, files));
    const jobs = app.get(Jobs, { strict: false });
    await jobs.enqueue(KeepFieldIndex, { fieldId: demoId(tenant.index, SERIES.customField, 1) });
  });
}

/** What is stored before the rows that name it. */
type Files = { readonly call: StoredFile; readonly people: StoredFile };

async function loadRecords(db: Database, tenant: DemoTenant, now: Date, files: Files): Promise<void> {
  const desk = deskOf(tenant);
  await loadMailbox(db, tenant, desk, now);
  await insertRows(db, 'customers', customerRows(tenant, desk, now));
  await loadCompanies(db, tenant, desk, now);
  await loadDeals(db, tenant, now);
  await loadLeads(db, tenant, desk, now);
  await insertRows(db, 'inquiries', inquiryRows(tenant, desk, now));
  await db.query(
    'insert into inquiry_counters (last_number) values ($1) on conflict (tenant_id) do update set last_number = excluded.last_number',
    [INQUIRIES],
  );
  await insertRows(db, 'inquiry_messages', messageRows(tenant, now));
  const policy = await standardPolicy(db);
  await insertRows(db, 'inquiry_clocks', clockRows(tenant, desk, policy, now));
  await insertRows(db, 'macros', macroRows(tenant, desk));
  await insertRows(db, 'satisfaction_surveys', surveyRows(tenant, now));
  await insertRows(db, 'inquiry_watchers', watcherRows(tenant, desk));
  await insertRows(db, 'side_conversations', sideConversationRows(tenant, desk, now));
  await insertRows(db, 'side_messages', sideMessageRows(tenant, desk, now));
  await loadWhatHangsOn(db, tenant, desk, now, files.call);
  await loadTransfers(db, tenant, desk, now, files.people);
  await insertRows(db, 'distribution_rules', distributionRows(tenant));
  await insertRows(db, 'responses', responseRows(tenant, desk, now));
  await insertRows(db, 'response_revisions', revisionRows(tenant, desk, now));
  await insertRows(db, 'response_steps', stepRows(tenant, desk, now));
  await insertRows(db, 'approval_requests', approvalRows(tenant, desk, now));
  await insertRows(db, 'approval_decisions', decisionRows(tenant, desk, now));
  await loadWork(db, tenant, desk, now);
}

async function loadMailbox(db: Database, { index, slug, title }: DemoTenant, desk: Desk, now: Date): Promise<void> {
  await insertRows(db, 'mailboxes', [
    {
      id: demoId(index, SERIES.mailbox, 1),
      address: `support@${slug}.example`,
      name: `${title} Support`,
      team_id: desk.team,
      is_default: true,
      creates_customers: true,
      version: 1,
      created_at: now,
      updated_at: now,
    },
  ]);
}

async function loadCompanies(db: Database, tenant: DemoTenant, desk: Desk, now: Date): Promise<void> {
  await insertRows(db, 'companies', companyRows(tenant, desk));
  await insertRows(db, 'company_contacts', companyContactRows(tenant, desk));
  await insertRows(db, 'customer_duplicates', duplicateRows(tenant));
  await insertRows(db, 'customer_duplicate_scans', duplicateScanRows(tenant, desk, now));
}

async function loadWhatHangsOn(
  db: Database,
  tenant: DemoTenant,
  desk: Desk,
  now: Date,
  file: StoredFile,
): Promise<void> {
  await insertRows(db, 'custom_fields', customFieldRows(tenant, desk));
  await insertRows(db, 'saved_views', savedViewRows(tenant, desk));
  await insertRows(db, 'notes', noteRows(tenant, desk, now));
  await insertRows(db, 'tags', tagRows(tenant, desk));
  await insertRows(db, 'record_tags', recordTagRows(tenant, desk));
  await insertRows(db, 'files', fileRows(tenant, desk));
  await insertRows(db, 'file_versions', [fileVersionRow(tenant, desk, file)]);
}

async function loadTransfers(db: Database, tenant: DemoTenant, desk: Desk, now: Date, file: StoredFile): Promise<void> {
  await insertRows(db, 'jobs', jobRows(tenant, desk, now));
  await insertRows(db, 'imports', [importRow(tenant, desk, file)]);
  await insertRows(db, 'import_rows', importRowRows(tenant));
  await insertRows(db, 'exports', [exportRow(tenant, desk, file)]);
}

async function loadWork(db: Database, tenant: DemoTenant, desk: Desk, now: Date): Promise<void> {
  await insertRows(db, 'projects', projectRows(tenant, desk, now));
  await insertRows(db, 'task_recurrences', recurrenceRows(tenant, desk, now));
  await insertRows(db, 'tasks', taskRows(tenant, desk, now));
  await insertRows(db, 'worklogs', worklogRows(tenant, desk, now));
}

/** The pipeline that a running worker gave the tenant meanwhile gives way to the one that the examples name. */
async function loadDeals(db: Database, tenant: DemoTenant, now: Date): Promise<void> {
  await db.query(`select pg_advisory_xact_lock(hashtextextended('default pipeline ' || app_tenant()::text, 0))`);
  await db.query('delete from pipelines where tenant_id = app_tenant()');
  await insertRows(db, 'pipelines', pipelineRows(tenant));
  await insertRows(db, 'pipeline_stages', stageRows(tenant));
  await insertRows(db, 'deals', dealRows(tenant, now));
  await db.query(END_DEALS, [now]);
  await insertRows(db, 'tax_classes', taxClassRows(tenant));
  await insertRows(db, 'products', productRows(tenant));
  await insertRows(db, 'product_prices', priceRows(tenant));
  await insertRows(db, 'segments', segmentRows(tenant));
  await insertRows(db, 'deal_items', itemRows(tenant));
  await insertRows(db, 'deal_contacts', dealContactRows(tenant));
  await insertRows(db, 'forecast_snapshots', snapshotRows(tenant, now));
  await insertRows(db, 'exchange_rates', rateRows(tenant, now));
}

async function loadLeads(db: Database, tenant: DemoTenant, desk: Desk, now: Date): Promise<void> {
  await insertRows(db, 'leads', leadRows(tenant, desk, now));
  await insertRows(db, 'lead_messages', leadMessageRows(tenant, now));
  await insertRows(db, 'lead_cleanups', leadCleanupRows(tenant, desk));
  await insertRows(db, 'lead_merges', leadMergeRows(tenant, desk));
  await insertRows(db, 'ignored_senders', ignoredSenderRows(tenant, desk));
}

/** The default policy, as a tenant gets it with its first inquiry; the one it has where a running worker was faster. */
async function standardPolicy(db: Database): Promise<string> {
  const hour = 3600;
  const row = await db.one<{ id: string }>(
    `insert into sla_policies (id, name, position, is_default, first_response_seconds, next_response_seconds, resolution_seconds, pauses_in, warn_fraction)
     values ($1, 'Default', 0, true, $2, $3, $4, '{pending_customer,on_hold}', 0.8)
     on conflict (tenant_id) where is_default do update set position = excluded.position returning id`,
    [newId(), 4 * hour, 8 * hour, 24 * hour],
  );
  return row?.id ?? '';
}

function deskOf(tenant: DemoTenant): Desk {
  const id = (name: string): string => peopleOf(tenant).find((person) => person.name === name)?.id ?? '';
  return {
    admin: id('admin'),
    manager: id('manager'),
    manager2: id('manager2'),
    cso: id('cso'),
    cso2: id('cso2'),
    team: demoId(tenant.index, SERIES.team, 1),
  };
}
