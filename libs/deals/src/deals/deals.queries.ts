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
import { DealPermissions } from './deal.policy.js';
import { reachOf } from './deal.reach.js';
import type { DealView, ListedDealView, TrashedDealView } from './deals.dto.js';
import { dealColumns, DealList, selectDeal, trashColumns, TrashList } from './deals.list.js';

/** As many as pages reach: of a term that more deals hold, the newest are found. */
const MOST_FOUND = 10_000;
/** A SELECT of ids, given the placeholder of a term. */
export const dealsFound = (term: string): string => `select deals_search(${term}, ${MOST_FOUND})`;

@Injectable()
export class DealsQueries {
  constructor(
    private readonly db: Database,
    private readonly customers: CustomersFacade,
    private readonly auth: AuthFacade,
  ) {}

  async list(query: ListQuery): Promise<Page<ListedDealView>> {
    const params: unknown[] = [currentTenantId()];
    const reached = reachOf(currentActor(), DealPermissions.read, params);
    const page = await readPage<ListedDealView>(this.db, {
      select: dealColumns(),
      from: 'deals d',
      where: `d.tenant_id = $1 and d.deleted_at is null and ${reached}`,
      params,
      query,
      spec: DealList,
      searchIds: dealsFound,
    });
    await this.include(page.data, query.include);
    return page;
  }

  trash(query: ListQuery): Promise<Page<TrashedDealView>> {
    const params: unknown[] = [currentTenantId()];
    const reached = reachOf(currentActor(), DealPermissions.read, params);
    const where = `d.tenant_id = $1 and d.deleted_at is not null and ${reached}`;
    return readPage<TrashedDealView>(this.db, {
      select: trashColumns(),
      from: 'deals d',
      where,
      params,
      query,
      spec: TrashList,
    });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<DealView> {
    const params: unknown[] = [currentTenantId(), id];
    const reached = reachOf(currentActor(), DealPermissions.read, params);
    const row = await this.db.one<DealView>(
      `select ${selectDeal()} from deals d where d.tenant_id = $1 and d.id = $2 and d.deleted_at is null and ${reached}`,
      params,
    );
    if (!row) throw new RecordNotFound('deal', id);
    return row;
  }

  /** One statement for all rows of a page, whatever its size. */
  private async include(rows: ListedDealView[], names: readonly string[]): Promise<void> {
    const idsOf = (pick: (row: ListedDealView) => string | null): string[] => [
      ...new Set(rows.flatMap((row) => pick(row) ?? [])),
    ];
    if (names.includes('customer')) {
      const refs = refsOf(await this.customers.cards(idsOf(({ customerId }) => customerId)));
      for (const row of rows) row.customer = refs.get(row.customerId ?? '') ?? null;
    }
    if (names.includes('company')) {
      const companies = await this.customers.companies(idsOf(({ companyId }) => companyId));
      const refs = new Map(companies.map((company) => [company.id, company]));
      for (const row of rows) row.company = refs.get(row.companyId ?? '') ?? null;
    }
    if (names.includes('owner')) {
      const refs = refsOf(await this.auth.usersByIds(idsOf(({ ownerId }) => ownerId)));
      for (const row of rows) row.owner = refs.get(row.ownerId ?? '') ?? null;
    }
  }
}

type Ref<Email> = { readonly id: string; readonly name: string; readonly email: Email };

/** Of a card no more than its name: who reads a deal does not thereby read its customer. */
const refsOf = <Email>(cards: readonly Ref<Email>[]): Map<string, Ref<Email>> =>
  new Map(cards.map(({ id, name, email }) => [id, { id, name, email }]));
