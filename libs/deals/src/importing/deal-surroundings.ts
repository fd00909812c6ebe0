import { AuthFacade, type UserCard } from '@app/auth';
import { CustomerLookups, CustomersFacade, type Led } from '@app/customers';
import type { Permission } from '@app/kernel';
import {
  currentActor,
  currentTenantId,
  Database,
  cellText,
  type Former,
  idCell,
  type ImportRow,
  refuseRow,
} from '@app/platform';
import { type FieldEntry, ImportedFields } from '@app/records';
import { Injectable } from '@nestjs/common';
import { DealPermissions } from '../deals/deal.policy.js';
import { reachOf } from '../deals/deal.reach.js';
import { BoardColumns, type Columns } from './board-columns.js';

/** What rows name, for all of them at once; what one names that is not there refuses it by that field. */
export type Surroundings = {
  readonly columns: Columns;
  readonly customers: Led;
  readonly companies: Led;
  readonly users: ReadonlyMap<string, UserCard>;
  readonly teams: ReadonlySet<string>;
  /** The deals whose owner who imports may change. */
  readonly assignable: ReadonlySet<string>;
  readonly entries: readonly (FieldEntry | undefined)[];
};

@Injectable()
export class DealSurroundings {
  constructor(
    private readonly db: Database,
    private readonly auth: AuthFacade,
    private readonly customers: CustomersFacade,
    private readonly lookups: CustomerLookups,
    private readonly own: ImportedFields,
    private readonly board: BoardColumns,
  ) {}

  async of(rows: readonly ImportRow[]): Promise<Surroundings> {
    const values = rows.map((row) => row.values);
    const said = (field: string): string[] => values.flatMap((row) => cellText(row, field) ?? []);
    const teamIds = values.flatMap((row) => idCell(row, 'teamId') ?? []);
    return {
      columns: await this.board.all(),
      customers: await this.lookups.customers(said('customer')),
      companies: await this.lookups.companies(said('company')),
      users: await this.auth.usersCalled(said('owner')),
      teams: new Set(await this.auth.existingTeams([...new Set(teamIds)])),
      assignable: await this.reached(
        DealPermissions.assign,
        rows.flatMap(({ recordId }) => recordId ?? []),
      ),
      entries: await this.own.entries('deals', values),
    };
  }

  /** Refuses by its field what deals named before an import and may not name again. */
  async former(former: readonly Former[]): Promise<(before: Former) => void> {
    const ids = (field: string): string[] => former.flatMap(({ [field]: id }) => (typeof id === 'string' ? [id] : []));
    const owners = await this.auth.usersByIds(ids('ownerId'));
    const known = new Map<string, ReadonlySet<string>>([
      ['ownerId', new Set(owners.filter(({ isActive }) => isActive).map(({ id }) => id))],
      ['teamId', new Set(await this.auth.existingTeams(ids('teamId')))],
      ['customerId', new Set((await this.customers.cards(ids('customerId'))).map(({ id }) => id))],
      ['companyId', new Set((await this.customers.companies(ids('companyId'))).map(({ id }) => id))],
    ]);
    return (before) => {
      for (const [field, there] of known) {
        const id = before[field];
        if (typeof id === 'string' && !there.has(id))
          refuseRow(field, 'record_gone', `What it had as ${field} is gone`);
      }
    };
  }

  /** Of these deals, those that the permission reaches and that may be read, the trash left out. */
  async reached(permission: Permission, ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (!ids.length) return new Set();
    const params: unknown[] = [currentTenantId(), ids];
    const [readable, within] = [DealPermissions.read, permission].map((one) => reachOf(currentActor(), one, params));
    const rows = await this.db.query<{ id: string }>(
      `select d.id from deals d where d.tenant_id = $1 and d.id = any ($2::uuid[]) and d.deleted_at is null
        and ${readable} and ${within}`,
      params,
    );
    return new Set(rows.map(({ id }) => id));
  }
}
