import { anyOf, type FieldFault } from '@app/kernel';
import { currentActor, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ValuesInvalid } from './custom-field.errors.js';
import { CustomFieldPermissions, type FieldType } from './custom-field.policy.js';
import { FieldHosts } from './field-hosts.js';
import { type FieldTerms, readValue } from './field-values.js';

export type FieldValues = Readonly<Record<string, unknown>>;

/** What a use case does to the values that a record has: the result, judged as a whole, or a refusal. */
export type FieldEntry = {
  /** As a merge patch has it: what is absent stays, what is null goes. @throws ValuesInvalid */
  onto(before: FieldValues): FieldValues;
  /** What is absent goes as well, as far as whoever acts sees it. @throws ValuesInvalid */
  insteadOf(before: FieldValues): FieldValues;
};

/** What happens to the values that are not named: as PATCH has it, or as PUT. */
export type FieldMerge = keyof FieldEntry;

type AsValue = (terms: FieldTerms, raw: unknown) => unknown;

/** A field as those see it who write values: imports map columns to them. */
export type Definition = FieldTerms & {
  readonly key: string;
  readonly label: string;
  readonly targetKind: string | null;
  readonly isRequired: boolean;
  readonly isPersonal: boolean;
  readonly isHidden: boolean;
  readonly isConverting: boolean;
};

const COLUMNS = `f.key, f.label, f.type, f.rules, f.options, f.currency, f.target_kind as "targetKind",
  f.is_required as "isRequired", f.is_personal as "isPersonal", f.converting_to is not null as "isConverting",
  (f.archived_at is not null or (f.is_personal and not $3) or 'cf.' || f.key = any ($4::text[]) or f.inputs && $4::text[]) as "isHidden"`;

/** What contexts ask whose records carry the tenant's own fields. */
@Injectable()
export class CustomFields {
  constructor(
    private readonly db: Database,
    private readonly hosts: FieldHosts,
  ) {}

  /** Those that whoever acts may see and write, of one kind of record. */
  async definitions(kind: string): Promise<Definition[]> {
    return (await this.all(kind)).filter(({ isHidden }) => !isHidden);
  }

  /** The keys of one kind of record that are not archived and hold values, whoever may see these. */
  async keysInUse(kind: string): Promise<ReadonlySet<string>> {
    const rows = await this.db.query<{ key: string }>(
      'select f.key from custom_fields f where f.tenant_id = $1 and f.record_kind = $2 and f.archived_at is null and f.type <> $3',
      [currentTenantId(), kind, FORMULA],
    );
    return new Set(rows.map(({ key }) => key));
  }

  /**
   * Runs `work`, in one transaction, with what was given made into the values of a record. The fields stay as they are until
   * it is over. Where nothing is given it costs no statement, and nothing is judged.
   * @throws ValuesInvalid with pointers `/customFields/<key>`
   */
  async enter<T>(
    kind: string,
    given: FieldValues | undefined,
    work: (entry: FieldEntry | undefined) => Promise<T>,
  ): Promise<T> {
    if (given === undefined) return work(undefined);
    return this.db.transaction(async () => {
      const [entry] = await this.entries(kind, [given]);
      return work(entry);
    });
  }

  /**
   * As `enter`, for one record: `work` is given what becomes of the values that it has; nothing, where none are given.
   * @throws ValuesInvalid
   */
  merge<T>(
    kind: string,
    given: FieldValues | undefined,
    how: FieldMerge,
    work: (after: (before: FieldValues) => FieldValues | undefined) => Promise<T>,
  ): Promise<T> {
    return this.enter(kind, given, (entry) => work((before) => entry?.[how](before)));
  }

  /**
   * What each of many records is given, in the open transaction, until whose end the fields stay as they are: one statement,
   * and one for each kind of record that relations lead to. `asValue`: makes values of what was given in another form.
   */
  async entries(
    kind: string,
    given: readonly FieldValues[],
    asValue: AsValue = (_, raw) => raw,
  ): Promise<readonly FieldEntry[]> {
    const definitions = await this.all(kind, ' for share');
    const missing = await this.missingTargets(definitions, given);
    return given.map((one) => {
      const wanted = new Map(Object.entries(one));
      const enter = (before: FieldValues, isWhole: boolean): FieldValues =>
        new Entry(definitions, wanted, missing, asValue).over(before, isWhole);
      return { onto: (before) => enter(before, false), insteadOf: (before) => enter(before, true) };
    });
  }

  private all(kind: string, hold = ''): Promise<Definition[]> {
    this.hosts.hostOf(kind);
    const kept = [...(currentActor().fieldRights?.hiddenOf(kind) ?? [])];
    return this.db.query<Definition>(
      `select ${COLUMNS} from custom_fields f where f.tenant_id = $1 and f.record_kind = $2 order by f.key${hold}`,
      [currentTenantId(), kind, currentActor().can(CustomFieldPermissions.readPersonal), kept],
    );
  }

  /** Of the records that relations lead to, those that whoever acts may not read: one statement for each kind. */
  private async missingTargets(
    definitions: readonly Definition[],
    given: readonly FieldValues[],
  ): Promise<Set<string>> {
    const wanted = new Map<string, string[]>();
    for (const { key, type, targetKind, ...terms } of definitions) {
      if (type !== RELATION || !targetKind) continue;
      for (const values of given.filter((one) => Object.hasOwn(one, key))) {
        const reading = readValue({ ...terms, type }, values[key]);
        if ('value' in reading) wanted.set(targetKind, [...(wanted.get(targetKind) ?? []), String(reading.value)]);
      }
    }
    const missing = new Set<string>();
    for (const [kind, ids] of wanted) {
      const found = await this.readable(kind, ids);
      for (const id of ids) if (!found.has(id)) missing.add(id);
    }
    return missing;
  }

  private async readable(kind: string, ids: readonly string[]): Promise<Set<string>> {
    const { from, id, isPresent, read, ...target } = bound(this.hosts.targetOf(kind));
    const params: unknown[] = [ids];
    const reached = anyOf(target.ways(currentActor(), read, params));
    const rows = await this.db.query<{ id: string }>(
      `select ${id} as id from ${from} where ${id} = any ($1::uuid[]) and ${isPresent} and (${reached})`,
      params,
    );
    return new Set(rows.map((row) => row.id));
  }
}

const bound = (records: ReturnType<FieldHosts['targetOf']>) => ({
  ...{ from: records.from, id: records.id, isPresent: records.isPresent, read: records.read },
  ways: records.ways.bind(records),
});

/** One judgement of what was given, over what is there. */
class Entry {
  private readonly faults: FieldFault[] = [];

  constructor(
    private readonly definitions: readonly Definition[],
    private readonly given: ReadonlyMap<string, unknown>,
    private readonly missing: ReadonlySet<string>,
    private readonly asValue: AsValue,
  ) {}

  over(before: FieldValues, isWhole: boolean): FieldValues {
    const values = new Map(Object.entries(before));
    const shown = this.definitions.filter(({ isHidden }) => !isHidden);
    const known = new Map(shown.map((definition) => [definition.key, definition]));
    if (isWhole) for (const key of known.keys()) if (!this.given.has(key)) values.delete(key);
    for (const [key, raw] of this.given) {
      const definition = known.get(key);
      if (!definition) this.fault(key, 'unknown_field', 'is not a known field');
      else this.take(definition, raw, values);
    }
    for (const { key, isRequired } of shown)
      if (isRequired && !values.has(key)) this.fault(key, 'required', 'must be given');
    if (this.faults.length) throw new ValuesInvalid(this.faults);
    return Object.fromEntries(values);
  }

  private take({ key, isConverting, ...terms }: Definition, raw: unknown, values: Map<string, unknown>): void {
    if (isConverting)
      return this.fault(key, 'custom_field_converting', 'is being converted to another type: try again');
    if (raw === null && terms.type !== 'formula') return void values.delete(key);
    const reading = readValue(terms, this.asValue(terms, raw), values.get(key));
    if ('code' in reading) return this.fault(key, reading.code, reading.message);
    if (terms.type === RELATION && this.missing.has(String(reading.value)) && reading.value !== values.get(key))
      return this.fault(key, 'record_not_found', `There is no such record of ${terms.targetKind ?? ''}`);
    values.set(key, reading.value);
  }

  private fault(key: string, code: string, message: string): void {
    const token = key.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
    if (this.faults.length < MOST_FAULTS) this.faults.push({ pointer: `/customFields/${token}`, code, message });
  }
}

const RELATION: FieldType = 'relation';
const FORMULA: FieldType = 'formula';
const MOST_FAULTS = 100;
