import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomField, type NewField } from './custom-field.entity.js';
import { FieldConverting, FieldKeyBuiltIn, TooManyFields, TooManyIndexed } from './custom-field.errors.js';
import { MOST_FIELDS, MOST_INDEXED } from './custom-field.policy.js';
import { FieldHosts } from './field-hosts.js';
import { FieldInFormula, TooManyFormulas } from './formulas/formula.errors.js';
import { MOST_FORMULAS } from './formulas/formula.policy.js';
import { computeAll, type FormulaField } from './formulas/formulas.js';

type Others = { readonly all: number; readonly indexed: number; readonly formulas: number };

/** What a field must get on with: its records' own fields, and the others that the tenant added to them. */
@Injectable()
export class FieldNeighbours {
  constructor(
    private readonly db: Database,
    private readonly hosts: FieldHosts,
  ) {}

  /** @throws FieldKindUnknown, FieldKeyBuiltIn */
  assertPlace({ recordKind, key, targetKind }: Pick<NewField, 'recordKind' | 'key' | 'targetKind'>): void {
    const { list } = this.hosts.hostOf(recordKind);
    const builtIn = [...Object.keys(list.fields), ...(list.outputs ?? []), 'customFields'].map(lower);
    if (builtIn.includes(lower(key))) throw new FieldKeyBuiltIn(key);
    if (targetKind) this.hosts.targetOf(targetKind);
  }

  /**
   * In the open transaction, before anything of the kind is held: its fields change one at a time, so that two do not both
   * find room for one, and none is taken from a formula that is just made of it.
   */
  async hold(recordKind: string): Promise<void> {
    const lock = `custom fields ${currentTenantId()} ${recordKind}`;
    await this.db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lock]);
  }

  /** @throws TooManyFields, TooManyIndexed, TooManyFormulas */
  async assertRoom({ recordKind, id, isIndexed, type }: CustomField): Promise<void> {
    const found = await this.db.one<Others>(
      `select count(*)::int as all, (count(*) filter (where is_indexed and archived_at is null))::int as indexed,
         (count(*) filter (where type = 'formula'))::int as formulas
       from custom_fields where tenant_id = $1 and record_kind = $2 and id <> $3`,
      [currentTenantId(), recordKind, id],
    );
    const { all = 0, indexed = 0, formulas = 0 } = found ?? {};
    if (all >= MOST_FIELDS) throw new TooManyFields();
    if (isIndexed && indexed >= MOST_INDEXED) throw new TooManyIndexed();
    if (type === 'formula' && formulas >= MOST_FORMULAS) throw new TooManyFormulas(MOST_FORMULAS);
  }

  /** @throws FieldInFormula naming all that are made of it, also by way of others */
  async assertInNoFormula({ recordKind, key }: CustomField): Promise<void> {
    const formulas = await this.db.query<{ key: string }>(
      `select f.key from custom_fields f where f.tenant_id = $1 and f.record_kind = $2 and f.archived_at is null
         and f.inputs @> array['cf.' || $3::text] order by f.key`,
      [currentTenantId(), recordKind, key],
    );
    if (formulas.length) throw new FieldInFormula(formulas.map((formula) => formula.key));
  }

  /**
   * What the formulas of its kind come to with the field as it is now, which is in use and not yet written: it takes its own
   * part, the others are written. @throws FormulaInvalid, FormulaFieldUnknown, FormulaCycle, FieldInFormula, FieldConverting
   */
  async settleFormulas(field: CustomField): Promise<void> {
    const { recordKind, id, key } = field;
    const others = await this.db.query<FormulaField & { id: string; isConverting: boolean }>(
      `select f.id, f.key, f.type, f.expression, f.is_personal as "isPersonal",
         f.converting_to is not null as "isConverting" from custom_fields f
       where f.tenant_id = $1 and f.record_kind = $2 and f.archived_at is null and f.id <> $3 order by f.key`,
      [currentTenantId(), recordKind, id],
    );
    const computed = computeAll([...others, field], this.hosts.hostOf(recordKind).list.fields, key);
    const own = computed.get(key);
    const changing = others.find((other) => other.isConverting && own?.inputs.includes(`cf.${other.key}`));
    if (changing) throw new FieldConverting(changing.key, '/expression');
    if (own) field.compute(own);
    for (const other of others) {
      const theirs = computed.get(other.key);
      if (!theirs) continue;
      const formula = await this.db.lock(CustomField, other.id);
      formula.compute(theirs);
      await this.db.save(formula);
    }
  }
}

const lower = (text: string): string => text.toLowerCase();
