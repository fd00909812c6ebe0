import { isDeepStrictEqual } from 'node:util';
import { Clock } from '@app/kernel';
import {
  Batches,
  currentActor,
  type ImportOutcome,
  type ImportRefusal,
  type ImportValues,
  cellText,
  importRefusal,
  shapedAs,
} from '@app/platform';
import type { FieldEntry } from '@app/records';
import { Injectable } from '@nestjs/common';
import { Customer } from '../customer.entity.js';
import type { CustomerPatch, NewCustomer } from '../customer-document.js';
import { EmailTaken, TeamNotFound } from '../customer.errors.js';
import type { CustomerStatus } from '../customer.policy.js';
import { MoveCustomer, PatchCustomer, toNewCustomer, toPatch } from '../customers.dto.js';
import { inOnlyTeam } from '../customers.service.js';
import type { RequirementsMissing } from '../requirements/requirement.errors.js';
import { RequirementsGate } from '../requirements/requirements-gate.js';
import { IMPORTED_FIELDS } from './customer-fields.js';
import { emailOf } from './customer-matches.js';
import { CustomerNewcomers } from './customer-newcomers.js';
import { bodyOf, shapedAsNew } from './customer-shapes.js';
import { CustomerSurroundings, type Surroundings } from './customer-surroundings.js';

type Row = { readonly values: ImportValues; readonly recordId: string | undefined };
/** What a row asks for, once it has been found to be allowed. */
type Asked = { readonly refusal: ImportRefusal } | { readonly card: NewCustomer } | Change;
type Change = {
  readonly recordId: string;
  readonly patch: CustomerPatch;
  readonly status: CustomerStatus | undefined;
  readonly own: FieldEntry | undefined;
};

/** Writes rows as customers: by the shapes and the verbs of one, by the statements of many. */
@Injectable()
export class CustomerWriter {
  constructor(
    private readonly clock: Clock,
    private readonly batches: Batches,
    private readonly surroundings: CustomerSurroundings,
    private readonly newcomers: CustomerNewcomers,
    private readonly gate: RequirementsGate,
  ) {}

  async write(rows: readonly Row[]): Promise<readonly ImportOutcome[]> {
    const around = await this.surroundings.of(rows.map(({ values }) => values));
    const asked: Asked[] = [];
    for (const [at, row] of rows.entries()) asked.push(await this.read(row, around, around.entries[at]));
    const made = await this.create(asked);
    const changed = await this.change(asked);
    return asked.map((one, at) => {
      if ('refusal' in one) return { outcome: 'refused', refusal: one.refusal };
      return made.get(at) ?? changed.get(at) ?? { outcome: 'unchanged' };
    });
  }

  private async read(
    { values, recordId }: Row,
    { teams, owners }: Surroundings,
    own: FieldEntry | undefined,
  ): Promise<Asked> {
    if (!recordId && values.firstName === undefined) return { refusal: NAMELESS };
    try {
      const asked = await (recordId ? this.asChange(values, recordId, own) : this.asNew(values, own));
      const teamId = cellText(values, 'teamId')?.toLowerCase();
      if (teamId && !teams.has(teamId)) throw new TeamNotFound();
      const owner = owners.get(emailOf(values) ?? '');
      if (owner && owner !== recordId) throw new EmailTaken();
      return asked;
    } catch (error) {
      return { refusal: importRefusal(error) };
    }
  }

  private async asNew(values: ImportValues, own: FieldEntry | undefined): Promise<Asked> {
    const card = toNewCustomer(await shapedAsNew(values));
    return { card: { ...card, source: 'import', ...(own && { customFields: own.onto({}) }) } };
  }

  private async asChange(values: ImportValues, recordId: string, own: FieldEntry | undefined): Promise<Asked> {
    const { status, ...document } = bodyOf(values);
    const patch = toPatch(await shapedAs(PatchCustomer, document));
    const moved = status === undefined ? undefined : (await shapedAs(MoveCustomer, { status })).status;
    return { recordId, patch, status: moved, own };
  }

  private async create(asked: readonly Asked[]): Promise<ReadonlyMap<number, ImportOutcome>> {
    const [actor, now] = [currentActor(), this.clock.now()];
    const outcomes = new Map<number, ImportOutcome>();
    const made: { at: number; customer: Customer }[] = [];
    for (const [at, one] of asked.entries()) {
      if (!('card' in one)) continue;
      try {
        made.push({ at, customer: Customer.create(inOnlyTeam(one.card, actor), actor.id, now) });
      } catch (error) {
        outcomes.set(at, { outcome: 'refused', refusal: importRefusal(error) });
      }
    }
    const refusals = await this.gate.refusals(made.map(({ customer }) => customer));
    for (const { at, customer } of made) this.refuse(outcomes, at, refusals.get(customer.id));
    const allowed = made.filter(({ customer }) => !refusals.has(customer.id));
    const results = await this.newcomers.createAll(allowed.map(({ customer }) => customer));
    allowed.forEach(({ at }, index) => outcomes.set(at, results[index] ?? { outcome: 'unchanged' }));
    return outcomes;
  }

  private async change(asked: readonly Asked[]): Promise<ReadonlyMap<number, ImportOutcome>> {
    const ids = asked.flatMap((one) => ('recordId' in one ? [one.recordId] : []));
    const held = new Map((await this.batches.lockAll(Customer, ids)).map((customer) => [customer.id, customer]));
    const outcomes = new Map<number, ImportOutcome>();
    const changed: { at: number; customer: Customer }[] = [];
    const moved: Customer[] = [];
    for (const [at, one] of asked.entries()) {
      const customer = 'recordId' in one ? held.get(one.recordId) : undefined;
      if (!customer || !('recordId' in one)) continue;
      const from = customer.status;
      const outcome = this.amend(customer, one);
      outcomes.set(at, outcome);
      if (outcome.outcome !== 'updated') continue;
      changed.push({ at, customer });
      if (customer.status !== from) moved.push(customer);
    }
    const refusals = await this.gate.refusals(moved);
    for (const { at, customer } of changed) this.refuse(outcomes, at, refusals.get(customer.id));
    const allowed = changed.filter(({ customer }) => !refusals.has(customer.id));
    await this.batches.saveAll(allowed.map(({ customer }) => customer));
    return outcomes;
  }

  /** All reasons at once: a file is corrected in one go. */
  private refuse(outcomes: Map<number, ImportOutcome>, at: number, missing: RequirementsMissing | undefined): void {
    if (missing)
      outcomes.set(at, { outcome: 'refused', refusal: { ...importRefusal(missing), detail: missing.message } });
  }

  private amend(customer: Customer, { patch, status, own }: Change): ImportOutcome {
    const before = imported(customer);
    try {
      const now = this.clock.now();
      if (status) customer.moveTo(status, null, now);
      customer.amend({ ...patch, metadata: undefined, customFields: own?.onto(customer.customFields) }, now);
    } catch (error) {
      return { outcome: 'refused', refusal: importRefusal(error) };
    }
    const after = imported(customer);
    const differs = IMPORTED_FIELDS.filter((name) => !isDeepStrictEqual(before[name], after[name]));
    if (differs.length === 0) return { outcome: 'unchanged', recordId: customer.id };
    const only = (all: object): object => Object.fromEntries(differs.map((name) => [name, all[name as keyof object]]));
    return { outcome: 'updated', recordId: customer.id, before: only(before), after: only(after) };
  }
}

const NAMELESS: ImportRefusal = {
  code: 'required_field',
  detail: 'Without a first name there is no new customer',
  field: 'firstName',
};

const imported = (customer: Customer) =>
  Object.fromEntries(IMPORTED_FIELDS.map((name) => [name, customer[name]])) as Pick<
    Customer,
    (typeof IMPORTED_FIELDS)[number]
  >;
