import { currentTenantId, Database, type Fact, FactPort, type FactSource, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';

type Row = { firstName: string; lastName: string; name: string; level: string | null };

const READ = `select c.first_name as "firstName", c.last_name as "lastName",
    trim(c.first_name || ' ' || c.last_name) as name, c.level from customers c where c.tenant_id = $1 and c.id = $2`;

const said = (value: string | null | undefined): Fact => ({ value: value || null, text: value ?? '' });

/** What a text may quote of a customer. */
@Injectable()
@Provides(FactPort)
export class CustomerFacts implements FactSource {
  readonly record = 'customer';
  readonly facts = {
    'customer.firstName': 'First name.',
    'customer.lastName': 'Last name.',
    'customer.name': 'First and last name.',
    'customer.level': 'How valuable the customer is: bronze, silver, gold or platinum.',
  };
  readonly tells = {
    'customer.firstName': { record: 'customers', fields: ['firstName'] },
    'customer.lastName': { record: 'customers', fields: ['lastName'] },
    'customer.name': { record: 'customers', fields: ['firstName', 'lastName'] },
    'customer.level': { record: 'customers', fields: ['level'] },
  };

  constructor(private readonly db: Database) {}

  async read(id: string, _names: readonly string[], hold: boolean): Promise<Record<string, Fact>> {
    const row = await this.db.one<Row>(`${READ}${hold ? ' for share' : ''}`, [currentTenantId(), id]);
    return {
      'customer.firstName': said(row?.firstName),
      'customer.lastName': said(row?.lastName),
      'customer.name': said(row?.name),
      'customer.level': said(row?.level),
    };
  }
}
