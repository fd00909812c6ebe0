import { isDeepStrictEqual } from 'node:util';
import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { CustomFieldArchived, CustomFieldChanged, CustomFieldDefined, CustomFieldRestored } from '../events.js';
import { FieldArchived, FieldConverting, FieldTermsInvalid } from './custom-field.errors.js';
import type { FieldType, IndexState } from './custom-field.policy.js';
import { assertSound } from './field-soundness.js';
import type { FormulaType } from './formulas/formula.policy.js';
import type { Computed } from './formulas/formulas.js';
import type { FieldOption, FieldRules, FieldTerms } from './field-values.js';

/** What may change of a field while it has no values that speak against it. */
export type FieldDocument = {
  label: string;
  type: FieldType;
  options: readonly FieldOption[];
  rules: FieldRules;
  /** Of a formula. */
  expression: string | null;
  isRequired: boolean;
  isPersonal: boolean;
  isIndexed: boolean;
};
export type NewField = FieldDocument & {
  recordKind: string;
  key: string;
  targetKind: string | null;
  currency: string | null;
  createdBy: string;
};

const FOLLOWS = 'A formula is personal where a field in it is';

/** A field that the tenant added to a kind of record. Its key is for good, since values stand under it; its label is free. */
@Entity('custom_fields')
export class CustomField extends Aggregate<CustomField> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly recordKind: string;
  @Column('text') readonly key: string;
  @Column('text') readonly label: string;
  @Column('text') readonly type: FieldType;
  @Column('jsonb') readonly options: readonly FieldOption[];
  @Column('jsonb') readonly rules: FieldRules;
  @Column({ type: 'text', nullable: true }) readonly targetKind: string | null;
  @Column({ type: 'text', nullable: true }) readonly currency: string | null;
  @Column({ type: 'text', nullable: true }) readonly expression: string | null;
  @Column({ type: 'text', nullable: true }) readonly resultType: FormulaType | null;
  /** SQL that the compiler wrote, over `record`, a row of the records' table. */
  @Column({ type: 'text', nullable: true }) readonly compiled: string | null;
  /** What it is made of, also by way of other formulas. */
  @Column('text', { array: true }) readonly inputs: readonly string[];
  @Column('text', { array: true }) readonly recordColumns: readonly string[];
  @Column('boolean') readonly isRequired: boolean;
  @Column('boolean') readonly isPersonal: boolean;
  @Column('boolean') readonly isIndexed: boolean;
  @Column('text') readonly indexState: IndexState;
  @Column({ type: 'jsonb', nullable: true }) readonly convertingTo: FieldTerms | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly archivedAt: Date | null;
  @Column('uuid') readonly createdBy: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** @throws FieldTermsInvalid */
  static define(given: NewField): CustomField {
    const field = new CustomField().change({
      ...given,
      ...{ id: newId(), convertingTo: null, archivedAt: null, indexState: given.isIndexed ? 'building' : 'none' },
      ...{ resultType: null, compiled: null, inputs: [], recordColumns: [] },
    });
    assertSound(field);
    if (given.type === 'formula' && given.isPersonal) throw new FieldTermsInvalid('/isPersonal', FOLLOWS);
    field.raise(CustomFieldDefined({ fieldId: field.id, recordKind: field.recordKind, key: field.key }));
    return field;
  }

  get terms(): FieldTerms {
    const { type, rules, options, currency } = this;
    return { type, rules, options, currency };
  }

  /** All but what its values must be asked about first. @throws FieldArchived, FieldConverting, FieldTermsInvalid */
  amend(to: Partial<FieldDocument>): void {
    this.assertAtRest();
    const changed = Object.entries(to).filter(
      ([name, value]) => value !== undefined && !isDeepStrictEqual(value, this[name as keyof FieldDocument]),
    );
    if (!changed.length) return;
    if (to.type !== undefined && to.type !== this.type && [to.type, this.type].includes('formula'))
      throw new FieldTermsInvalid('/type', 'A formula stays one, and nothing else becomes one');
    if (this.type === 'formula' && changed.some(([name]) => name === 'isPersonal'))
      throw new FieldTermsInvalid('/isPersonal', FOLLOWS);
    this.change(Object.fromEntries(changed));
    assertSound(this);
    const names = changed.map(([name]) => name);
    if (names.includes('isIndexed') || (this.isIndexed && names.includes('type'))) this.indexAnew();
    this.raise(CustomFieldChanged({ fieldId: this.id, changed: names }));
  }

  /** Until every value is one of the new type, nobody writes one. */
  beginConversion(to: FieldTerms): void {
    this.assertAtRest();
    this.change({ convertingTo: to });
  }

  endConversion(): void {
    const to = this.convertingTo;
    if (!to) return;
    this.change({ convertingTo: null });
    this.amend({ type: to.type, options: to.options, rules: to.rules });
  }

  /** Its values stay where they are, and are shown to nobody. */
  archive(now: Date): void {
    if (this.archivedAt) return;
    this.assertAtRest();
    this.change({ archivedAt: now });
    this.indexAnew();
    this.raise(CustomFieldArchived({ fieldId: this.id }));
  }

  restore(): void {
    if (!this.archivedAt) return;
    this.change({ archivedAt: null });
    this.indexAnew();
    this.raise(CustomFieldRestored({ fieldId: this.id }));
  }

  /** What it comes to, of the fields as they are now; a formula is personal where what it is made of is. */
  compute(computed: Computed): void {
    const differing = Object.entries(computed).filter(
      ([name, value]) => !isDeepStrictEqual(value, this[name as keyof Computed]),
    );
    if (differing.length) this.change(Object.fromEntries(differing));
  }

  indexed(state: IndexState): void {
    this.change({ indexState: state });
  }

  get wantsIndex(): boolean {
    return this.isIndexed && this.archivedAt === null;
  }

  private indexAnew(): void {
    this.change({ indexState: this.wantsIndex ? 'building' : 'none' });
  }

  private assertAtRest(): void {
    if (this.archivedAt) throw new FieldArchived(this.id);
    if (this.convertingTo) throw new FieldConverting(this.key);
  }
}
