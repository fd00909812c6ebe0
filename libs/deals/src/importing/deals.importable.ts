import {
  cellText,
  currentTenantId,
  Database,
  type Former,
  idCell,
  type Importable,
  ImportablePort,
  ImportedRecords,
  type ImportedKind,
  type ImportedRecord,
  type ImportField,
  type ImportMatch,
  type ImportOutcome,
  type ImportPlan,
  type ImportRefusal,
  type ImportRow,
  type ImportValues,
  isDatabaseFault,
  matchRows,
  Provides,
  type RecordUndoer,
  type RowWriter,
} from '@app/platform';
import { ImportedFields } from '@app/records';
import { Injectable } from '@nestjs/common';
import { Deal } from '../deals/deal.entity.js';
import { DealPermissions } from '../deals/deal.policy.js';
import { DEAL_FIELDS, DEAL_PROPERTIES } from './deal-fields.js';
import { DealSurroundings } from './deal-surroundings.js';
import { DealWriting } from './deal-writing.js';

const { create, update, delete: remove } = DealPermissions;

/** What a row named may go while it is written: then it is asked for again, and the row refused. */
const RACES = [
  'deals_owner',
  'deals_team',
  'deals_company',
  'deals_customer',
  'deals_stage',
  'deals_pipeline_is_in_use',
];

type Named = { readonly id: string; readonly name: string };

/** Deals from files. They end, and go on, by their own routes. */
@Injectable()
@Provides(ImportablePort)
export class DealsImportable implements Importable, ImportedKind<Deal> {
  readonly kind = 'deals';
  readonly creates = create;
  readonly updates = update;
  readonly deletes = remove;
  readonly noun = 'deal';
  readonly entity = Deal;
  readonly required = 'name';
  readonly properties = DEAL_PROPERTIES;

  constructor(
    private readonly db: Database,
    private readonly records: ImportedRecords,
    private readonly own: ImportedFields,
    private readonly surroundings: DealSurroundings,
    private readonly writing: DealWriting,
  ) {}

  async fields(): Promise<readonly ImportField[]> {
    return [...DEAL_FIELDS, ...(await this.own.of(this.kind))];
  }

  /** Deals are called alike; only what a record is found by is said once. */
  keysOf(row: ImportValues, { match }: ImportPlan): readonly string[] {
    return match.flatMap((key) => {
      const value = cellText(row, key)?.toLowerCase();
      return value ? [`${key}:${value}`] : [];
    });
  }

  async match(rows: readonly ImportValues[], plan: ImportPlan): Promise<readonly ImportMatch[]> {
    const known = plan.mode === 'create' ? [] : await this.named(rows, plan.match);
    const reached = await this.surroundings.reached(
      update,
      known.map(({ id }) => id),
    );
    return matchRows(rows, plan, {
      ...{ noun: this.noun, unique: {}, reached },
      found: (key, row) => {
        const word = key === 'id' ? idCell(row, key) : cellText(row, key)?.toLowerCase();
        const isMeant = ({ id, name }: Named): boolean => (key === 'id' ? id : name.toLowerCase()) === word;
        return known.filter((deal) => reached.has(deal.id) && isMeant(deal)).map(({ id }) => id);
      },
    });
  }

  write(rows: readonly ImportRow[]): Promise<readonly ImportOutcome[]> {
    return this.records.write(this, rows);
  }

  prepare(rows: readonly ImportRow[]): Promise<RowWriter<Deal>> {
    return this.writing.prepare(rows);
  }

  isRace(error: unknown): boolean {
    return isDatabaseFault(error) && RACES.includes(error.constraint ?? '');
  }

  undo(records: readonly ImportedRecord[]): Promise<readonly (ImportRefusal | undefined)[]> {
    return this.records.undo(this, records);
  }

  prepareUndo(_: readonly Deal[], former: readonly Former[]): Promise<RecordUndoer<Deal>> {
    return this.writing.prepareUndo(former);
  }

  async reached(ids: readonly string[]): Promise<{ changeable: ReadonlySet<string>; deletable: ReadonlySet<string> }> {
    return {
      changeable: await this.surroundings.reached(update, ids),
      deletable: await this.surroundings.reached(remove, ids),
    };
  }

  private named(rows: readonly ImportValues[], keys: readonly string[]): Promise<Named[]> {
    const names = keys.includes('name') ? rows.flatMap((row) => cellText(row, 'name')?.toLowerCase() ?? []) : [];
    const ids = keys.includes('id') ? rows.flatMap((row) => idCell(row, 'id') ?? []) : [];
    return this.db.query<Named>(
      `select d.id, d.name from deals d where d.tenant_id = $1 and d.deleted_at is null
        and (d.id = any ($2::uuid[]) or lower(d.name) = any ($3::text[]))`,
      [currentTenantId(), ids, [...new Set(names)]],
    );
  }
}
