import { currentTenantId, Database } from '@app/platform';
import { CustomFields, RecordFiles } from '@app/records';
import { Injectable } from '@nestjs/common';
import type { Customer } from '../customer.entity.js';
import { OWN } from '../customer-document.js';
import { RequirementsMissing } from './requirement.errors.js';
import { type Evidence, missingFor, type StatusRequirement } from './status-requirement.js';

const RULES = 'select r.rules from customer_status_requirements r where r.tenant_id = $1 for share';

// The latest of a channel and purpose holds. Whoever records one waits for the customer's row, which is held here.
const CONSENTS = `select s.* from (
    select distinct on (customer_id, channel, purpose) customer_id as "customerId", channel, purpose, granted
      from customer_consents where tenant_id = $1 and customer_id = any ($2::uuid[])
     order by customer_id, channel, purpose, created_at desc, id desc) s where s.granted`;

type Held = Evidence['consents'][number] & { readonly customerId: string };

/** Whether customers have what their status demands. The statements do not grow with the customers. */
@Injectable()
export class RequirementsGate {
  constructor(
    private readonly db: Database,
    private readonly files: RecordFiles,
    private readonly fields: CustomFields,
  ) {}

  /** Of one that came, or is about to come, into its status. @throws RequirementsMissing */
  async assertMet(customer: Customer): Promise<void> {
    const refusal = (await this.refusals([customer])).get(customer.id);
    if (refusal) throw refusal;
  }

  /**
   * By id why a customer may not stand in its status. In the open transaction, which holds the rows of those that there are
   * already: a consent that is withdrawn, or a file that is removed, in this moment is so before or after, never between.
   */
  async refusals(customers: readonly Customer[]): Promise<ReadonlyMap<string, RequirementsMissing>> {
    const refusals = new Map<string, RequirementsMissing>();
    const rules = await this.rulesFor(customers);
    if (rules.size === 0) return refusals;
    const asked = customers.filter(({ status }) => rules.has(status));
    const all = [...rules.values()];
    const evidence = await this.evidence(asked, all);
    const ownKeys = await this.ownKeys(all);
    for (const customer of asked) {
      const rule = rules.get(customer.status);
      const errors = rule ? missingFor(customer, rule, evidence(customer.id), ownKeys) : [];
      if (errors.length) refusals.set(customer.id, new RequirementsMissing(customer.status, errors));
    }
    return refusals;
  }

  /** Those of the statuses in which these customers stand. Leads cost no statement. */
  private async rulesFor(customers: readonly Customer[]): Promise<ReadonlyMap<string, StatusRequirement>> {
    const statuses = new Set<string>(customers.map(({ status }) => status).filter((status) => status !== 'lead'));
    if (statuses.size === 0) return new Map();
    const row = await this.db.one<{ rules: StatusRequirement[] }>(RULES, [currentTenantId()]);
    return new Map((row?.rules ?? []).filter(({ status }) => statuses.has(status)).map((rule) => [rule.status, rule]));
  }

  private async evidence(
    customers: readonly Customer[],
    rules: readonly StatusRequirement[],
  ): Promise<(id: string) => Evidence> {
    const ids = customers.map(({ id }) => id);
    const isAsked = (what: 'consents' | 'files'): boolean => rules.some((rule) => rule[what].length > 0);
    const consents = isAsked('consents') ? await this.db.query<Held>(CONSENTS, [currentTenantId(), ids]) : [];
    const files = isAsked('files') ? await this.files.holdOn('customers', ids) : [];
    const consentsOf = grouped(consents, ({ customerId }) => customerId);
    const filesOf = grouped(files, ({ recordId }) => recordId);
    return (id) => ({ consents: consentsOf.get(id) ?? [], files: filesOf.get(id) ?? [] });
  }

  private async ownKeys(rules: readonly StatusRequirement[]): Promise<ReadonlySet<string>> {
    const isAsked = rules.some(({ fields }) => fields.some((name) => name.startsWith(OWN)));
    return isAsked ? this.fields.keysInUse('customers') : new Set();
  }
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
