import {
  cellText,
  currentActor,
  currentTenantId,
  Database,
  idCell,
  type ImportMatch,
  type ImportPlan,
  type ImportRefusal,
  type ImportValues,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { normaliseEmail } from '../contact-points/email-address.js';
import { normalisePhone } from '../contact-points/phone-number.js';
import { EmailTaken } from '../customer.errors.js';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerReach } from '../customer.reach.js';

export const emailOf = (values: ImportValues): string | undefined => normaliseEmail(cellText(values, 'email') ?? '');
export const phoneOf = (values: ImportValues): string | undefined =>
  normalisePhone(cellText(values, 'phone') ?? '', cellText(values, 'country'))?.number;

/** By key the customers who have it. */
type Known = {
  readonly owners: ReadonlyMap<string, string>;
  readonly byPhone: ReadonlyMap<string, readonly string[]>;
  readonly reached: ReadonlySet<string>;
};

/** Which customer a row is about: of those who are there, and that who imports may change. */
@Injectable()
export class CustomerMatches {
  constructor(
    private readonly db: Database,
    private readonly reach: CustomerReach,
  ) {}

  async match(rows: readonly ImportValues[], plan: ImportPlan): Promise<readonly ImportMatch[]> {
    const owners = await this.ownersOf(rows.flatMap((row) => emailOf(row) ?? []));
    const byPhone = await this.byPhone(plan.match.includes('phone') ? rows.flatMap((row) => phoneOf(row) ?? []) : []);
    const ids = plan.match.includes('id') ? rows.flatMap((row) => idCell(row, 'id') ?? []) : [];
    const reached = await this.reached([...owners.values(), ...[...byPhone.values()].flat(), ...ids]);
    return rows.map((row) => matchOf(row, plan, { owners, byPhone, reached }));
  }

  /** Whose each address is, whoever may see them. `offset 0`: each is looked up, also while the table is still thought to be small. */
  async ownersOf(emails: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (emails.length === 0) return new Map();
    const rows = await this.db.query<{ address: string; id: string }>(
      `select n.address, p.customer_id as id from unnest($2::text[]) n (address)
        cross join lateral (select o.customer_id from customer_contact_points o
          where o.tenant_id = $1 and o.kind = 'email' and o.address = n.address offset 0) p`,
      [currentTenantId(), emails],
    );
    return new Map(rows.map(({ address, id }) => [address, id]));
  }

  /** What many share is a switchboard: two are enough to know that it names nobody. */
  private async byPhone(phones: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    if (phones.length === 0) return new Map();
    const rows = await this.db.query<{ address: string; ids: string[] }>(
      `select n.address, array(select p.customer_id from customer_contact_points p
          where p.tenant_id = $1 and p.kind = 'phone' and p.address = n.address limit 2) as ids
        from unnest($2::text[]) n (address)`,
      [currentTenantId(), [...new Set(phones)]],
    );
    return new Map(rows.map(({ address, ids }) => [address, ids]));
  }

  /** Also of what is in the trash: its own refusal says so. */
  private async reached(ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const params: unknown[] = [currentTenantId(), [...new Set(ids)]];
    const within = this.reach.predicate(currentActor(), CustomerPermissions.update, params);
    const rows = await this.db.query<{ id: string }>(
      `select c.id from customers c where c.tenant_id = $1 and c.id = any ($2::uuid[]) and (${within})`,
      params,
    );
    return new Set(rows.map(({ id }) => id));
  }
}

function matchOf(row: ImportValues, { mode, match }: ImportPlan, known: Known): ImportMatch {
  const email = emailOf(row);
  const owner = email && known.owners.get(email);
  if (mode === 'create') return owner ? { refusal: taken() } : {};
  for (const key of match) {
    const found = foundBy(key, row, owner, known);
    if (typeof found === 'object') return { refusal: found };
    if (found) return known.reached.has(found) ? { recordId: found } : { refusal: unreached(key, mode) };
  }
  if (mode === 'update') return { refusal: noMatch(match) };
  return owner ? { refusal: taken() } : {};
}

/** Whom a key names; nobody, or why it does not say. */
function foundBy(
  key: string,
  row: ImportValues,
  owner: string | undefined,
  { byPhone }: Known,
): string | ImportRefusal | undefined {
  if (key === 'email') return owner;
  if (key === 'id') return cellText(row, 'id') === undefined ? undefined : (idCell(row, 'id') ?? noMatch(['id']));
  const [one, other] = byPhone.get(phoneOf(row) ?? '') ?? [];
  return one && other ? { code: 'ambiguous_match', detail: 'Several customers have this number', field: key } : one;
}

const taken = (): ImportRefusal => {
  const { code, message: detail } = new EmailTaken();
  return { code, detail, field: 'email' };
};

const noMatch = (keys: readonly string[]): ImportRefusal => ({
  code: 'no_match',
  detail: `There is no customer with this ${keys.join(' or ')}`,
  field: keys[0],
});

/** As if there were none; but an address that somebody has is not given twice. */
const unreached = (key: string, mode: ImportPlan['mode']): ImportRefusal =>
  key === 'email' && mode === 'upsert' ? taken() : noMatch([key]);
