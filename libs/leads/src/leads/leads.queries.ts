import { AuthFacade } from '@app/auth';
import { CustomersFacade } from '@app/customers';
import {
  currentActor,
  currentTenantId,
  Database,
  type ListQuery,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LeadPermissions } from './lead.policy.js';
import { reachOf } from './lead.reach.js';
import type { LeadView, ListedLeadView, TrashedLeadView } from './leads.dto.js';
import { leadColumns, LeadList, selectLead, trashColumns, TrashList } from './leads.list.js';

/** As many as pages reach: of a term that more leads hold, the newest are found. */
const MOST_FOUND = 10_000;

@Injectable()
export class LeadsQueries {
  constructor(
    private readonly db: Database,
    private readonly customers: CustomersFacade,
    private readonly auth: AuthFacade,
  ) {}

  async list(query: ListQuery): Promise<Page<ListedLeadView>> {
    const params: unknown[] = [currentTenantId()];
    const reached = reachOf(currentActor(), LeadPermissions.read, params);
    const page = await readPage<ListedLeadView>(this.db, {
      select: leadColumns(),
      from: 'leads l',
      where: `l.tenant_id = $1 and l.deleted_at is null and ${reached}`,
      params,
      query,
      spec: LeadList,
      searchIds: (term) => `select leads_search(${term}, ${MOST_FOUND})`,
    });
    await this.include(page.data, query.include);
    return page;
  }

  trash(query: ListQuery): Promise<Page<TrashedLeadView>> {
    const params: unknown[] = [currentTenantId()];
    const reached = reachOf(currentActor(), LeadPermissions.read, params);
    const where = `l.tenant_id = $1 and l.deleted_at is not null and ${reached}`;
    return readPage<TrashedLeadView>(this.db, {
      ...{ select: trashColumns(), from: 'leads l', where, params, query },
      spec: TrashList,
    });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<LeadView> {
    const params: unknown[] = [currentTenantId(), id];
    const reached = reachOf(currentActor(), LeadPermissions.read, params);
    const row = await this.db.one<LeadView>(
      `select ${selectLead()} from leads l where l.tenant_id = $1 and l.id = $2 and l.deleted_at is null and ${reached}`,
      params,
    );
    if (!row) throw new RecordNotFound('lead', id);
    return row;
  }

  /** One statement for all rows of a page, whatever its size. */
  private async include(rows: ListedLeadView[], names: readonly string[]): Promise<void> {
    const idsOf = (pick: (row: ListedLeadView) => string | null): string[] => [
      ...new Set(rows.flatMap((row) => pick(row) ?? [])),
    ];
    if (names.includes('customer')) {
      const refs = refsOf(await this.customers.cards(idsOf(({ customerId }) => customerId)));
      for (const row of rows) row.customer = refs.get(row.customerId ?? '') ?? null;
    }
    if (names.includes('owner')) {
      const refs = refsOf(await this.auth.usersByIds(idsOf(({ ownerId }) => ownerId)));
      for (const row of rows) row.owner = refs.get(row.ownerId ?? '') ?? null;
    }
  }
}

type Ref<Email> = { readonly id: string; readonly name: string; readonly email: Email };

/** Of a card no more than its name: who reads a lead does not thereby read its customer. */
const refsOf = <Email>(cards: readonly Ref<Email>[]): Map<string, Ref<Email>> =>
  new Map(cards.map(({ id, name, email }) => [id, { id, name, email }]));
