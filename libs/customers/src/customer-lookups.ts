import { isId } from '@app/kernel';
import { currentActor, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { normaliseDomain } from './companies/company-domain.js';
import { normaliseEmail } from './contact-points/email-address.js';
import { CustomerPermissions } from './customer.policy.js';
import { CustomerReach } from './customer.reach.js';

type Found = { readonly word: string; readonly id: string };
/** By the word as it was asked for what it leads to; more than one is for who asks to refuse. */
export type Led = ReadonlyMap<string, readonly string[]>;

/** To whom the words of a file lead: one statement for all of them. */
@Injectable()
export class CustomerLookups {
  constructor(
    private readonly db: Database,
    private readonly reach: CustomerReach,
  ) {}

  /** By id or e-mail address, of those whom the current actor may read. */
  async customers(words: readonly string[]): Promise<Led> {
    const asked = [...new Set(words)].map((word) => ({ word, id: idOf(word), email: normaliseEmail(word) ?? null }));
    if (!asked.length) return new Map();
    const params: unknown[] = [currentTenantId(), JSON.stringify(asked)];
    const reached = this.reach.predicate(currentActor(), CustomerPermissions.read, params);
    const rows = await this.db.query<Found>(
      `with asked as (select * from jsonb_to_recordset($2::jsonb) a(word text, id uuid, email text)), led as (
         select a.word, a.id from asked a where a.id is not null
         union select a.word, p.customer_id from asked a cross join lateral (select o.customer_id from customer_contact_points o
           where o.tenant_id = $1 and o.kind = 'email' and o.address = a.email offset 0) p)
       select l.word, c.id from led l join customers c on c.tenant_id = $1 and c.id = l.id
        where c.deleted_at is null and (${reached})`,
      params,
    );
    return byWord(rows);
  }

  /** By id, domain or name in whatever case. */
  async companies(words: readonly string[]): Promise<Led> {
    const asked = [...new Set(words)].map((word) => ({
      ...{ word, id: idOf(word), domain: normaliseDomain(word) ?? null, name: word.toLowerCase() },
    }));
    if (!asked.length) return new Map();
    const rows = await this.db.query<Found>(
      `select a.word, o.id from jsonb_to_recordset($2::jsonb) a(word text, id uuid, domain text, name text)
        join companies o on o.tenant_id = $1 and o.deleted_at is null
         and (o.id = a.id or o.domain = a.domain or lower(o.name) = a.name)`,
      [currentTenantId(), JSON.stringify(asked)],
    );
    return byWord(rows);
  }
}

const idOf = (word: string): string | null => (isId(word) ? word : null);

function byWord(rows: readonly Found[]): Led {
  const led = new Map<string, string[]>();
  for (const { word, id } of rows) led.set(word, [...(led.get(word) ?? []), id]);
  return led;
}
