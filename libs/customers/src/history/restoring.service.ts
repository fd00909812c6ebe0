import { isDeepStrictEqual } from 'node:util';
import { currentActor, currentTenantId, Database, RecordNotFound } from '@app/platform';
import { shownInHistory } from '@app/records';
import { Injectable } from '@nestjs/common';
import { Customer } from '../customer.entity.js';
import { OWN } from '../customer-document.js';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerReach } from '../customer.reach.js';
import { CustomersService } from '../customers.service.js';
import { formerValues, type PastChange } from './former-values.js';

export type Restored = {
  readonly customer: Customer;
  readonly restored: readonly string[];
  /** What had its former value already. */
  readonly unchanged: readonly string[];
};

/** Fields as they were before one change of the record. */
@Injectable()
export class RestoringService {
  constructor(
    private readonly db: Database,
    private readonly reach: CustomerReach,
    private readonly customers: CustomersService,
  ) {}

  /**
   * By the verb that amends a record, whose rules hold. Put on record as what it is, beside the change itself.
   * @throws RecordNotFound, NotRestorable, EmailTaken, TeamNotFound, ValuesInvalid, CustomerInTrash, CustomerMerged
   */
  async restore(id: string, changeId: string, names: readonly string[], version?: number): Promise<Restored> {
    await this.reach.assertReadable(currentActor(), id);
    await this.reach.assertWithin(currentActor(), CustomerPermissions.update, id);
    return this.db.transaction(async () => {
      const former = formerValues(await this.change(id, changeId), names);
      const before = valuesOf(await this.db.lock(Customer, id, version), names);
      const customer = await this.customers.amend(id, former, version);
      const after = valuesOf(customer, names);
      const restored = names.filter((name) => !isDeepStrictEqual(before.get(name), after.get(name)));
      if (restored.length)
        await this.db.audit('customers', id, 'reverted', { after: { changeId: Number(changeId), fields: restored } });
      return { customer, restored, unchanged: names.filter((name) => !restored.includes(name)) };
    });
  }

  private async change(id: string, changeId: string): Promise<PastChange> {
    const [before, after] = ['a.before', 'a.after'].map((column) => shownInHistory('customers', column));
    const change = await this.db.one<PastChange>(
      `select a.action, ${before} as before, ${after} as after from audit_log a
        where a.tenant_id = $1 and a.entity = 'customers' and a.entity_id = $2 and a.id = $3::bigint`,
      [currentTenantId(), id, changeId],
    );
    if (!change) throw new RecordNotFound('change', changeId);
    return change;
  }
}

function valuesOf(customer: Customer, names: readonly string[]): ReadonlyMap<string, unknown> {
  const fields = customer as unknown as Readonly<Record<string, unknown>>;
  const valueOf = (name: string): unknown =>
    name.startsWith(OWN) ? customer.customFields[name.slice(OWN.length)] : fields[name];
  return new Map(names.map((name) => [name, valueOf(name)]));
}
