import { isDeepStrictEqual } from 'node:util';
import { Clock } from '@app/kernel';
import { currentActor, Database, Jobs, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomField, type FieldDocument, type NewField } from './custom-field.entity.js';
import { FieldKeyTaken, OptionInUse, ValuesDoNotConvert } from './custom-field.errors.js';
import type { FieldType } from './custom-field.policy.js';
import { ConvertField, KeepFieldIndex } from './custom-fields.jobs.js';
import { convert } from './field-conversion.js';
import { FieldNeighbours } from './field-neighbours.js';
import { FieldValuesQueries, type HeldValue } from './field-values.queries.js';
import type { FieldTerms } from './field-values.js';

const MOST_TOLD = 20;

/** Which fields a tenant has of its own. */
@Injectable()
export class CustomFieldsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly neighbours: FieldNeighbours,
    private readonly values: FieldValuesQueries,
  ) {}

  /**
   * @throws FieldKindUnknown, FieldKeyBuiltIn, FieldKeyTaken, TooManyFields, TooManyIndexed, TooManyFormulas, FieldTermsInvalid,
   * and for a formula FormulaInvalid, FormulaFieldUnknown, FormulaCycle
   */
  async define(given: Omit<NewField, 'createdBy'>): Promise<CustomField> {
    const { recordKind, key } = given;
    this.neighbours.assertPlace(given);
    const field = CustomField.define({ ...given, createdBy: currentActor().id });
    return this.db.transaction(async () => {
      await this.neighbours.hold(recordKind);
      await this.neighbours.assertRoom(field);
      if (field.type === 'formula') await this.neighbours.settleFormulas(field);
      const made = await this.db
        .create(field)
        .catch(onConstraint('custom_fields_key_is_free', () => new FieldKeyTaken(key)));
      if (made.isIndexed) await this.jobs.enqueue(KeepFieldIndex, { fieldId: made.id });
      return made;
    });
  }

  /**
   * Nobody writes values of it meanwhile, so that what is found of them holds. A type that all values are sure to have is
   * taken on by a job, and until then the field keeps its old one. @throws OptionInUse, ValuesDoNotConvert, FieldInFormula, as `amend`, and for a formula
   * as `define`
   */
  change(id: string, given: Partial<FieldDocument>, version?: number): Promise<CustomField> {
    return this.db.transaction(async () => {
      const field = await this.held(id, version);
      const to = withTypesOwn(field.type, given);
      const before = { terms: field.terms, wantsIndex: field.wantsIndex };
      field.amend(to);
      if (field.wantsIndex && !before.wantsIndex) await this.neighbours.assertRoom(field);
      if (field.type !== before.terms.type) await this.neighbours.assertInNoFormula(field);
      await this.neighbours.settleFormulas(field);
      const isSame = before.terms.type === field.type && isDeepStrictEqual(before.terms.options, field.options);
      const held = isSame ? [] : await this.values.held(field);
      const isConverted = held.length > 0 && before.terms.type !== field.type;
      if (isConverted) this.assertConvertible(field, held, before.terms);
      else assertKept(field.terms, held);
      return isConverted ? this.convertLater(id, to, version) : this.saveWithIndex(field, before.wantsIndex);
    });
  }

  /** @throws FieldInFormula */
  archive(id: string, version?: number): Promise<CustomField> {
    const now = this.clock.now();
    return this.keep(id, version, async (field) => {
      await this.neighbours.assertInNoFormula(field);
      field.archive(now);
    });
  }

  /** @throws TooManyIndexed, and for a formula whose fields are not what they were as `define` */
  restore(id: string, version?: number): Promise<CustomField> {
    return this.keep(id, version, async (field) => {
      field.restore();
      if (field.type === 'formula') await this.neighbours.settleFormulas(field);
    });
  }

  private keep(
    id: string,
    version: number | undefined,
    verb: (field: CustomField) => Promise<void>,
  ): Promise<CustomField> {
    return this.db.transaction(async () => {
      const field = await this.held(id, version);
      const { wantsIndex } = field;
      await verb(field);
      if (field.wantsIndex && !wantsIndex) await this.neighbours.assertRoom(field);
      return this.saveWithIndex(field, wantsIndex);
    });
  }

  private async held(id: string, version: number | undefined): Promise<CustomField> {
    await this.neighbours.hold((await this.db.get(CustomField, id)).recordKind);
    return this.db.lock(CustomField, id, version);
  }

  private async saveWithIndex(field: CustomField, wantedIndex: boolean): Promise<CustomField> {
    const saved = await this.db.save(field);
    if (saved.wantsIndex || wantedIndex) await this.jobs.enqueue(KeepFieldIndex, { fieldId: saved.id });
    return saved;
  }

  /** As it is, but for what the new type is part of: that comes with the type. */
  private async convertLater(id: string, to: Partial<FieldDocument>, version?: number): Promise<CustomField> {
    const field = await this.db.lock(CustomField, id, version);
    const { type = field.type, options = field.options, rules = field.rules, ...others } = to;
    field.amend(others);
    field.beginConversion({ type, options, rules, currency: field.currency });
    await this.jobs.enqueue(ConvertField, { fieldId: id, after: null });
    return this.db.save(field);
  }

  private assertConvertible(
    { terms, type, isPersonal }: CustomField,
    held: readonly HeldValue[],
    from: FieldTerms,
  ): void {
    const wrong = held.filter(({ value }) => convert(value, from, terms) === undefined);
    if (!wrong.length) return;
    const records = wrong.reduce((sum, one) => sum + one.records, 0);
    const told = wrong.slice(0, MOST_TOLD).map((one) => (isPersonal ? { ...one, value: null } : one));
    throw new ValuesDoNotConvert(type, records, told);
  }
}

const CHOICES: readonly FieldType[] = ['select', 'multi_select'];

/** Bounds and options were meant for the type that goes: the new one has its own. */
function withTypesOwn(from: FieldType, to: Partial<FieldDocument>): Partial<FieldDocument> {
  if (to.type === undefined || to.type === from) return to;
  const areKept = [from, to.type].every((type) => CHOICES.includes(type));
  return { rules: {}, ...(!areKept && { options: [] }), ...to };
}

/** Options may be added, renamed and retired; one that records hold is not taken from them. @throws OptionInUse */
function assertKept({ options }: FieldTerms, held: readonly HeldValue[]): void {
  const known = new Set(options.map(({ key }) => key));
  const lost = new Map<string, number>();
  for (const { value, records } of held)
    for (const key of [value].flat().map(String)) if (!known.has(key)) lost.set(key, (lost.get(key) ?? 0) + records);
  if (lost.size) throw new OptionInUse([...lost].map(([key, records]) => ({ key, records })));
}
