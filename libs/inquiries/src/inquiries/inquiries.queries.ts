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
import type { InquiryView, ListedInquiryView, TrashedInquiryView } from './inquiries.dto.js';
import {
  inquiryColumns,
  InquiryList,
  selectInquiry,
  shownInquiries,
  trashColumns,
  TrashList,
} from './inquiries.list.js';
import { InquiryPermissions } from './inquiry.policy.js';
import { reachOf } from './inquiry.reach.js';

/** As many as pages reach: of a term that more inquiries hold, the newest are found. */
const MOST_FOUND = 10_000;

@Injectable()
export class InquiriesQueries {
  constructor(
    private readonly db: Database,
    private readonly customers: CustomersFacade,
    private readonly auth: AuthFacade,
  ) {}

  async list(query: ListQuery): Promise<Page<ListedInquiryView>> {
    const params: unknown[] = [currentTenantId()];
    const reached = reachOf(currentActor(), InquiryPermissions.read, params);
    const page = await readPage<ListedInquiryView>(this.db, {
      select: inquiryColumns(),
      from: shownInquiries(currentActor(), params),
      where: `i.tenant_id = $1 and i.deleted_at is null and ${reached}`,
      params,
      query,
      spec: InquiryList,
      searchIds: (term) => `select inquiries_search(${term}, ${MOST_FOUND})`,
    });
    await this.include(page.data, query.include);
    return page;
  }

  trash(query: ListQuery): Promise<Page<TrashedInquiryView>> {
    const params: unknown[] = [currentTenantId()];
    const reached = reachOf(currentActor(), InquiryPermissions.read, params);
    const where = `i.tenant_id = $1 and i.deleted_at is not null and ${reached}`;
    return readPage<TrashedInquiryView>(this.db, {
      select: trashColumns(),
      from: shownInquiries(currentActor(), params),
      where,
      params,
      query,
      spec: TrashList,
    });
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<InquiryView> {
    const params: unknown[] = [currentTenantId(), id];
    const reached = reachOf(currentActor(), InquiryPermissions.read, params);
    const from = shownInquiries(currentActor(), params);
    const row = await this.db.one<InquiryView>(
      `select ${selectInquiry()} from ${from} where i.tenant_id = $1 and i.id = $2 and i.deleted_at is null and ${reached}`,
      params,
    );
    if (!row) throw new RecordNotFound('inquiry', id);
    return row;
  }

  /** One statement for all rows of a page, whatever its size. */
  private async include(rows: ListedInquiryView[], names: readonly string[]): Promise<void> {
    const idsOf = (pick: (row: ListedInquiryView) => string | null): string[] => [
      ...new Set(rows.flatMap((row) => pick(row) ?? [])),
    ];
    if (names.includes('customer')) {
      const refs = refsOf(await this.customers.cards(idsOf(({ customerId }) => customerId)));
      for (const row of rows) row.customer = refs.get(row.customerId) ?? null;
    }
    if (names.includes('assignee')) {
      const refs = refsOf(await this.auth.usersByIds(idsOf(({ assignedTo }) => assignedTo)));
      for (const row of rows) row.assignee = refs.get(row.assignedTo ?? '') ?? null;
    }
  }
}

type Ref<Email> = { readonly id: string; readonly name: string; readonly email: Email };

/** Of a card no more than its name: who reads an inquiry does not thereby read its customer. */
const refsOf = <Email>(cards: readonly Ref<Email>[]): Map<string, Ref<Email>> =>
  new Map(cards.map(({ id, name, email }) => [id, { id, name, email }]));
