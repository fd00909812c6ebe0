import type { Permission } from '@app/kernel';
import { definePort } from './port.js';

/** What a column of a file may be read as. */
export type ImportField = {
  /** As bodies call it: `firstName`; of the company's own fields `cf.<key>`. */
  readonly name: string;
  readonly type: 'text' | 'number' | 'date' | 'boolean';
  readonly description: string;
  /** Whether there is no new record without it. */
  readonly isRequired?: boolean;
  /** Whether a record may be found by it. */
  readonly isKey?: boolean;
};

export const IMPORT_MODES = ['create', 'update', 'upsert'] as const;
export type ImportMode = (typeof IMPORT_MODES)[number];

export type ImportPlan = {
  readonly mode: ImportMode;
  /** The fields by which a record is found, in this order. */
  readonly match: readonly string[];
};

/** What one row says, by the names of fields; a cell that says nothing is absent, and leaves what is there. */
export type ImportValues = Readonly<Record<string, string | number | boolean>>;
export type ImportRefusal = { readonly code: string; readonly detail: string; readonly field?: string };
export type ImportMatch = { readonly recordId?: string; readonly refusal?: ImportRefusal };

export type ImportOutcome = {
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'refused';
  readonly recordId?: string;
  /** What was and what became of it, for who takes it back. */
  readonly before?: object;
  readonly after?: object;
  readonly refusal?: ImportRefusal;
};

/** What an import did to one record. */
export type ImportedRecord = {
  readonly recordId: string;
  readonly outcome: 'created' | 'updated';
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
};

/**
 * Records that are imported from files. Rows come in batches of several hundred; statements do not grow with the batch.
 * Everything runs as who imports, in the open transaction, by the rules by which one record is created or changed.
 */
export interface Importable {
  /** As in permissions and URLs: `customers`. */
  readonly kind: string;
  readonly creates: Permission;
  readonly updates: Permission;
  readonly deletes: Permission;
  /** The tenant's own fields are among them, so they are asked for each time. */
  fields(): Promise<readonly ImportField[]>;
  /** What only one row of a file may say, in the form in which equal ones are equal: `email:mira@okafor.example`. */
  keysOf(values: ImportValues, plan: ImportPlan): readonly string[];
  /**
   * Told of a row ahead of its turn, while PostgreSQL writes earlier ones: what can be judged of it without a statement may be
   * judged by now. Throws nothing, and changes nothing of what becomes of the row.
   */
  foresee?(values: ImportValues, plan: ImportPlan): void;
  /** For each row the record that it is about, none for a new one, or why there is neither. */
  match(rows: readonly ImportValues[], plan: ImportPlan): Promise<readonly ImportMatch[]>;
  /** Writes them; each row by itself is refused or not. Called in a savepoint. */
  write(rows: readonly { values: ImportValues; recordId: string | undefined }[]): Promise<readonly ImportOutcome[]>;
  /** Whether somebody else was faster: then the rows are matched and written again. */
  isRace(error: unknown): boolean;
  /** Takes back what nobody changed since; answers for each what is in the way: undefined when it is undone. */
  undo(records: readonly ImportedRecord[]): Promise<readonly (ImportRefusal | undefined)[]>;
}

export const ImportablePort = definePort<Importable>('importable');
