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
import { IMPORTED_PROPERTIES, Task } from '../task.entity.js';
import { TaskPermissions } from '../task.policy.js';
import { TASK_FIELDS } from './task-fields.js';
import { TaskSurroundings } from './task-surroundings.js';
import { TaskWriting } from './task-writing.js';

const { create, update, delete: remove } = TaskPermissions;

/** What a row named may go while it is written: then it is asked for again, and the row refused. */
const RACES = ['task_assignees_exist', 'tasks_team_exists', 'tasks_project'];

type Named = { readonly id: string; readonly title: string };

/** Tasks from files. */
@Injectable()
@Provides(ImportablePort)
export class TasksImportable implements Importable, ImportedKind<Task> {
  readonly kind = 'tasks';
  readonly creates = create;
  readonly updates = update;
  readonly deletes = remove;
  readonly noun = 'task';
  readonly entity = Task;
  readonly required = 'title';
  readonly properties = IMPORTED_PROPERTIES;

  constructor(
    private readonly db: Database,
    private readonly records: ImportedRecords,
    private readonly own: ImportedFields,
    private readonly surroundings: TaskSurroundings,
    private readonly writing: TaskWriting,
  ) {}

  async fields(): Promise<readonly ImportField[]> {
    return [...TASK_FIELDS, ...(await this.own.of(this.kind))];
  }

  /** Tasks are called alike; only what a record is found by is said once. */
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
        const isMeant = ({ id, title }: Named): boolean => (key === 'id' ? id : title.toLowerCase()) === word;
        return known.filter((task) => reached.has(task.id) && isMeant(task)).map(({ id }) => id);
      },
    });
  }

  write(rows: readonly ImportRow[]): Promise<readonly ImportOutcome[]> {
    return this.records.write(this, rows);
  }

  prepare(rows: readonly ImportRow[]): Promise<RowWriter<Task>> {
    return this.writing.prepare(rows);
  }

  isRace(error: unknown): boolean {
    return isDatabaseFault(error) && RACES.includes(error.constraint ?? '');
  }

  undo(records: readonly ImportedRecord[]): Promise<readonly (ImportRefusal | undefined)[]> {
    return this.records.undo(this, records);
  }

  prepareUndo(held: readonly Task[], former: readonly Former[]): Promise<RecordUndoer<Task>> {
    return this.writing.prepareUndo(held, former);
  }

  async reached(ids: readonly string[]): Promise<{ changeable: ReadonlySet<string>; deletable: ReadonlySet<string> }> {
    return {
      changeable: await this.surroundings.reached(update, ids),
      deletable: await this.surroundings.reached(remove, ids),
    };
  }

  private named(rows: readonly ImportValues[], keys: readonly string[]): Promise<Named[]> {
    const titles = keys.includes('title') ? rows.flatMap((row) => cellText(row, 'title')?.toLowerCase() ?? []) : [];
    const ids = keys.includes('id') ? rows.flatMap((row) => idCell(row, 'id') ?? []) : [];
    return this.db.query<Named>(
      `select t.id, t.title from tasks t where t.tenant_id = $1 and t.deleted_at is null
        and (t.id = any ($2::uuid[]) or lower(t.title) = any ($3::text[]))`,
      [currentTenantId(), ids, [...new Set(titles)]],
    );
  }
}
