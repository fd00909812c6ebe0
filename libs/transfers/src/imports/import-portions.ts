import {
  Database,
  type Importable,
  type ImportMatch,
  type ImportOutcome,
  type ImportPlan,
  type ImportRefusal,
  rehearse,
  type Tally,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { RecordImport } from './import.entity.js';
import { ImportRows } from './import-rows.js';
import type { ReadRow } from './row-reader.js';

const TRIES = 5;

export type Portion = {
  readonly of: RecordImport;
  readonly importable: Importable;
  readonly plan: ImportPlan;
  readonly rows: readonly ReadRow[];
};
type Matched = { readonly row: ReadRow; readonly recordId: string | undefined };

/** Several hundred rows at once, in the open transaction: read, compared with each other and with what is there, and written. */
@Injectable()
export class ImportPortions {
  constructor(
    private readonly db: Database,
    private readonly kept: ImportRows,
  ) {}

  /** `isTrial`: all is done, and nothing of it stays but what became of it. */
  async import(portion: Portion, isTrial: boolean): Promise<Tally> {
    const outcomes = new Map<number, ImportOutcome>();
    const refuse = ({ number }: ReadRow, refusal: ImportRefusal): void =>
      void outcomes.set(number, { outcome: 'refused', refusal });
    for (const row of portion.rows) if (row.refusal) refuse(row, row.refusal);
    const readable = portion.rows.filter(({ refusal }) => !refusal);
    const fresh = await this.firstOnes(portion, readable, refuse);
    await this.writeMatched(portion, fresh, isTrial, outcomes, refuse);
    const judged = portion.rows.map(({ number, cells }) => ({
      ...(outcomes.get(number) ?? { outcome: 'unchanged' as const }),
      number,
      cells,
    }));
    await this.kept.keep(portion.of, judged);
    return tallyOf(judged);
  }

  /** Those that say nothing that an earlier row of the file says. */
  private async firstOnes(
    { of, importable, plan }: Portion,
    rows: readonly ReadRow[],
    refuse: (row: ReadRow, refusal: ImportRefusal) => void,
  ): Promise<readonly ReadRow[]> {
    const keys = rows.map((row) => importable.keysOf(row.values, plan));
    const said = rows.flatMap(({ number }, at) => (keys[at] ?? []).map((key) => ({ key, number })));
    const first = await this.kept.claim(of, said);
    return rows.filter((row, at) => {
      const earlier = (keys[at] ?? []).map((key) => first.get(key) ?? row.number).find((one) => one < row.number);
      if (earlier !== undefined) refuse(row, duplicateOf(earlier));
      return earlier === undefined;
    });
  }

  /** Again when somebody else was faster: what they wrote is found then. */
  private async writeMatched(
    portion: Portion,
    rows: readonly ReadRow[],
    isTrial: boolean,
    outcomes: Map<number, ImportOutcome>,
    refuse: (row: ReadRow, refusal: ImportRefusal) => void,
  ): Promise<void> {
    const { importable, plan } = portion;
    for (let attempt = 1; ; attempt++) {
      const matches = await importable.match(
        rows.map(({ values }) => values),
        plan,
      );
      const matched = await this.oneRowARecord(portion, rows, matches, refuse);
      const work = () => importable.write(matched.map(({ row, recordId }) => ({ values: row.values, recordId })));
      try {
        const written = await (isTrial ? rehearse(this.db, work) : this.db.savepoint(work));
        matched.forEach(({ row }, at) => {
          const outcome = written[at];
          if (outcome) outcomes.set(row.number, outcome);
        });
        return;
      } catch (error) {
        if (attempt >= TRIES || !importable.isRace(error)) throw error;
      }
    }
  }

  private async oneRowARecord(
    { of }: Portion,
    rows: readonly ReadRow[],
    matches: readonly ImportMatch[],
    refuse: (row: ReadRow, refusal: ImportRefusal) => void,
  ): Promise<readonly Matched[]> {
    const found = rows.map((row, at) => ({ row, ...matches[at] }));
    const first = await this.kept.claim(
      of,
      found.flatMap(({ row, recordId }) => (recordId ? [{ key: `record:${recordId}`, number: row.number }] : [])),
    );
    return found.flatMap(({ row, recordId, refusal }) => {
      const earlier = (recordId && first.get(`record:${recordId}`)) || row.number;
      const refused = refusal ?? (earlier < row.number ? duplicateOf(earlier) : undefined);
      if (refused) refuse(row, refused);
      return refused ? [] : [{ row, recordId }];
    });
  }
}

const duplicateOf = (number: number): ImportRefusal => ({
  code: 'duplicate_in_file',
  detail: `Row ${number} of the file is about the same`,
});

function tallyOf(rows: readonly ImportOutcome[]): Tally {
  const tally: Record<string, number> = {};
  for (const { outcome } of rows) tally[outcome] = (tally[outcome] ?? 0) + 1;
  return tally;
}
