import { isDeepStrictEqual } from 'node:util';
import { Clock, DomainError, type Permission } from '@app/kernel';
import {
  Batches,
  currentActor,
  currentTenantId,
  Database,
  type ImportedRecord,
  type ImportRefusal,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Customer } from '../customer.entity.js';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerReach } from '../customer.reach.js';
import { IMPORTED_FIELDS } from './customer-fields.js';
import { CustomerMatches } from './customer-matches.js';

const FIRST_VERSION = 1;

/** Takes back what an import did to customers, where nobody changed it since. */
@Injectable()
export class CustomerUndoing {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly batches: Batches,
    private readonly reach: CustomerReach,
    private readonly matches: CustomerMatches,
  ) {}

  async undo(records: readonly ImportedRecord[]): Promise<readonly (ImportRefusal | undefined)[]> {
    const held = await this.batches.lockAll(
      Customer,
      records.map(({ recordId }) => recordId),
    );
    const byId = new Map(held.map((customer) => [customer.id, customer]));
    const ids = [...byId.keys()];
    const deletable = await this.within(CustomerPermissions.delete, ids);
    const changeable = await this.within(CustomerPermissions.update, ids);
    const owners = await this.matches.ownersOf(records.flatMap(({ before }) => emailsIn(before)));
    const changed = new Set<Customer>();
    const refusals = records.map((record) => {
      const customer = byId.get(record.recordId);
      const isReached = (record.outcome === 'created' ? deletable : changeable).has(record.recordId);
      if (!customer || !isReached) return OUT_OF_REACH;
      const refusal = record.outcome === 'created' ? this.remove(customer) : putBack(customer, record, owners);
      if (!refusal) changed.add(customer);
      return refusal;
    });
    await this.batches.saveAll([...changed]);
    return refusals;
  }

  private remove(customer: Customer): ImportRefusal | undefined {
    if (customer.version !== FIRST_VERSION) return changedSince([]);
    return refused(() => customer.trash(currentActor().id, 'The import was taken back', this.clock.now()));
  }

  private async within(permission: Permission, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const params: unknown[] = [currentTenantId(), ids];
    const reached = this.reach.predicate(currentActor(), permission, params);
    const rows = await this.db.query<{ id: string }>(
      `select c.id from customers c where c.tenant_id = $1 and c.id = any ($2::uuid[]) and (${reached})`,
      params,
    );
    return new Set(rows.map(({ id }) => id));
  }
}

/** All of what the import changed, or nothing of it. */
function putBack(
  customer: Customer,
  { before, after }: ImportedRecord,
  owners: ReadonlyMap<string, string>,
): ImportRefusal | undefined {
  const names = IMPORTED_FIELDS.filter((name) => name in before);
  const since = names.filter((name) => !isDeepStrictEqual(customer[name], after[name]));
  if (since.length) return changedSince(since);
  const isTaken = emailsIn(before).some((email) => (owners.get(email) ?? customer.id) !== customer.id);
  if (isTaken) return { code: 'email_taken', detail: 'Another customer has the former e-mail address by now' };
  return refused(() => customer.putBack(Object.fromEntries(names.map((name) => [name, before[name]]))));
}

function refused(verb: () => void): ImportRefusal | undefined {
  try {
    verb();
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, detail: error.message };
  }
}

const OUT_OF_REACH: ImportRefusal = { code: 'out_of_reach', detail: 'There is no such customer that you may change' };

const changedSince = (fields: readonly string[]): ImportRefusal => ({
  code: 'changed_since',
  detail: `Somebody has changed ${fields.join(', ') || 'the customer'} since`,
});

function emailsIn({ contactPoints }: Record<string, unknown>): string[] {
  const points = Array.isArray(contactPoints) ? (contactPoints as { kind: string; normalized: string }[]) : [];
  return points.flatMap(({ kind, normalized }) => (kind === 'email' ? [normalized] : []));
}
