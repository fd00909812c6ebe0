import { type CustomerCard, CustomersFacade } from '@app/customers';
import {
  currentActor,
  currentFieldRights,
  currentTenantId,
  Database,
  onConstraint,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { TeamUnknown } from '../inquiries/inquiry.errors.js';
import { Inquiry } from '../inquiries/inquiry.entity.js';
import { referenceOf } from '../inquiries/inquiry.policy.js';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { MacroNameTaken, MacroOutOfReach } from './macro.errors.js';
import { Macro, type MacroDocument } from './macro.entity.js';
import { mayWrite, usableBy } from './macro.reach.js';
import { type Filled, fillMacro } from './macro-text.js';

type FilledMacro = Filled & Pick<Macro, 'writers'>;

/** Canned answers: who writes them, and what they say for one inquiry. */
@Injectable()
export class MacrosService {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
    private readonly customers: CustomersFacade,
  ) {}

  /** @throws MacroOutOfReach, MacroNameTaken, TeamUnknown, MacroMalformed, MacroVariableUnknown */
  async write(document: MacroDocument): Promise<Macro> {
    const { id: createdBy } = currentActor();
    this.assertWritable({ ...document, createdBy });
    return this.keep(document.name, () => this.db.create(Macro.write(document, createdBy)));
  }

  /** To another team only by who may write for both. @throws RecordNotFound, and as `write` does */
  async edit(id: string, to: Partial<MacroDocument>, version?: number): Promise<Macro> {
    await this.usable(id);
    return this.keep(to.name ?? '', () =>
      this.db.change(Macro, id, version, (macro) => {
        this.assertWritable(macro);
        macro.edit(to, currentActor().id);
        this.assertWritable(macro);
      }),
    );
  }

  /** @throws RecordNotFound, MacroOutOfReach */
  async remove(id: string, version?: number): Promise<void> {
    await this.usable(id);
    await this.db.transaction(async () => {
      const macro = await this.db.lock(Macro, id, version);
      this.assertWritable(macro);
      await this.db.remove(macro);
    });
  }

  /** What it says to an inquiry, as whoever asks. @throws RecordNotFound, MacroOutputTooLong */
  async fill(id: string, inquiryId: string): Promise<FilledMacro> {
    const { body, writers } = await this.usable(id);
    await this.reach.assertReadable(inquiryId);
    const { number, customerId } = await this.db.get(Inquiry, inquiryId);
    const isHidden = currentFieldRights()?.hiddenOf('inquiries').has('subject');
    const customer = await this.customers.card(customerId);
    const filled = fillMacro(body, {
      ...namesOf(customer),
      'inquiry.number': referenceOf(number),
      'inquiry.subject': isHidden ? null : await this.reach.subjectOf(inquiryId),
      'agent.name': currentActor().name,
    });
    return { ...filled, writers };
  }

  /** @throws RecordNotFound when there is none that the actor may use */
  async usable(id: string): Promise<Macro> {
    const params: unknown[] = [currentTenantId(), id];
    const isUsable = usableBy(currentActor(), params);
    const found = await this.db.one(
      `select 1 from macros m where m.tenant_id = $1 and m.id = $2 and ${isUsable}`,
      params,
    );
    if (!found) throw new RecordNotFound('macro', id);
    return this.db.get(Macro, id);
  }

  private assertWritable(macro: { teamId: string | null; createdBy: string }): void {
    if (!mayWrite(currentActor(), macro)) throw new MacroOutOfReach();
  }

  private keep(name: string, write: () => Promise<Macro>): Promise<Macro> {
    return write()
      .catch(onConstraint('macros_name_is_free', () => new MacroNameTaken(name)))
      .catch(onConstraint('macros_team', () => new TeamUnknown()));
  }
}

/** What whoever asks may see of them: the rest is left out of the text, and named. */
function namesOf(customer: Pick<CustomerCard, 'firstName' | 'lastName' | 'name'> | undefined) {
  const hidden = currentFieldRights()?.hiddenOf('customers');
  const shown = (name: 'firstName' | 'lastName' | 'name'): string | null =>
    hidden?.has(name) ? null : (customer?.[name] ?? null);
  return {
    'customer.firstName': shown('firstName'),
    'customer.lastName': shown('lastName'),
    'customer.name': shown('name'),
  };
}
