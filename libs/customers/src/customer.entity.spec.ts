import { InvalidTransition } from '@app/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CustomerInTrash, CustomerNotInTrash, MetadataTooLarge } from './customer.errors.js';
import { Customer } from './customer.entity.js';
import { CUSTOMER_STATUS, CUSTOMER_STATUSES } from './customer.policy.js';
import { CustomerAssigned, CustomerCreated, CustomerStatusChanged, CustomerUpdated, CustomerWon } from './events.js';
import { A_DAY, aCard, aCustomer } from './testing.js';

const LATER = new Date('2026-11-03T09:00:00Z');

describe('Customer', () => {
  it('begins as a lead whom nobody is assigned to', () => {
    const customer = Customer.create({ firstName: 'Mira', source: 'mail' }, 'somebody', A_DAY);
    expect(customer).toMatchObject({
      firstName: 'Mira',
      lastName: '',
      status: 'lead',
      assignedTo: null,
      email: null,
      phone: null,
      metadata: {},
    });
    expect(customer.releaseEvents()).toEqual([
      CustomerCreated({ customerId: customer.id, status: 'lead', source: 'mail' }),
    ]);
  });

  it('is won at once when it begins as a customer', () => {
    const customer = Customer.create(aCard({ status: 'customer' }), 'somebody', A_DAY);
    expect(customer.wonAt).toEqual(A_DAY);
    expect(customer.releaseEvents()).toContainEqual(CustomerWon({ customerId: customer.id }));
  });

  it('has its primary address and number on top', () => {
    const customer = aCustomer({ email: 'Mira@Okafor.example', phone: '030 123456', country: 'DE' });
    expect(customer).toMatchObject({ email: 'mira@okafor.example', phone: '+4930123456', name: 'Mira Okafor' });
    customer.amend({ email: 'office@okafor.example', phone: null }, LATER);
    expect(customer).toMatchObject({ email: 'office@okafor.example', phone: null });
    expect(customer.contactPoints).toHaveLength(1);
  });

  it('tells which fields changed, and nothing when none did', () => {
    const customer = aCustomer({ metadata: { a: 1, b: 2 } });
    customer.amend({ firstName: 'Mira', lastName: 'Okafor', metadata: { b: 2, a: 1 }, email: customer.email }, LATER);
    expect(customer.releaseEvents()).toEqual([]);
    customer.amend({ firstName: 'Miriam', company: 'Okafor Logistics', email: 'new@okafor.example' }, LATER);
    expect(customer.releaseEvents()).toEqual([
      CustomerUpdated({ customerId: customer.id, changed: ['firstName', 'company', 'email'] }),
    ]);
  });

  it('keeps only so much metadata', () => {
    const metadata = { text: 'ä'.repeat(9_000) };
    expect(() => aCustomer({ metadata })).toThrow(MetadataTooLarge);
    expect(() => aCustomer().amend({ metadata }, LATER)).toThrow(MetadataTooLarge);
  });

  it('moves only where its state machine lists a way', () => {
    const customer = aCustomer();
    customer.moveTo('customer', 'signed', LATER);
    expect(customer).toMatchObject({ status: 'customer', statusReason: 'signed', wonAt: LATER });
    expect(() => customer.moveTo('lead', null, LATER)).toThrow(InvalidTransition);
    expect(customer.releaseEvents()).toEqual([
      CustomerStatusChanged({ customerId: customer.id, from: 'lead', to: 'customer', reason: 'signed' }),
      CustomerWon({ customerId: customer.id }),
    ]);
  });

  it('stays where it is without telling', () => {
    const customer = aCustomer();
    customer.moveTo('lead', 'again', LATER);
    expect(customer.releaseEvents()).toEqual([]);
  });

  it('is won once, however often its status comes and goes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...CUSTOMER_STATUSES), { maxLength: 20 }), (statuses) => {
        const customer = aCustomer();
        let hasBeenCustomer = false;
        for (const status of statuses) {
          if (!CUSTOMER_STATUS.allows(customer.status, status)) continue;
          customer.moveTo(status, null, LATER);
          hasBeenCustomer ||= status === 'customer';
        }
        const won = customer.releaseEvents().filter(({ type }) => type === CustomerWon.name);
        expect(won).toHaveLength(hasBeenCustomer ? 1 : 0);
      }),
    );
  });

  it('tells whom it was taken from when it is given away', () => {
    const customer = aCustomer();
    customer.assignTo('ada');
    customer.assignTo('ada');
    customer.assignTo(null);
    expect(customer.releaseEvents()).toEqual([
      CustomerAssigned({ customerId: customer.id, assignedTo: 'ada', previous: null }),
      CustomerAssigned({ customerId: customer.id, assignedTo: null, previous: 'ada' }),
    ]);
  });

  it.each<[string, (customer: Customer) => void]>([
    ['amended', (customer) => customer.amend({ firstName: 'New' }, LATER)],
    ['moved', (customer) => customer.moveTo('customer', null, LATER)],
    ['assigned', (customer) => customer.assignTo('ada')],
    ['reached otherwise', (customer) => customer.addContactPoint({ kind: 'phone', value: '+4930123456' }, 'p')],
    ['trashed again', (customer) => customer.trash('ada', null, LATER)],
  ])('cannot be %s in the trash', (_, verb) => {
    const customer = aCustomer();
    customer.trash('ada', 'spam', LATER);
    expect(() => verb(customer)).toThrow(CustomerInTrash);
  });

  it('comes out of the trash as it went in', () => {
    const customer = aCustomer();
    expect(() => customer.restore()).toThrow(CustomerNotInTrash);
    customer.trash('ada', 'spam', LATER);
    expect(customer).toMatchObject({ deletedAt: LATER, deletedBy: 'ada', deletedBecause: 'spam' });
    customer.restore();
    expect(customer).toMatchObject({ deletedAt: null, deletedBy: null, deletedBecause: null });
  });

  it('is deleted for good only from the trash', () => {
    expect(() => aCustomer().purge()).toThrow(CustomerNotInTrash);
  });
});
