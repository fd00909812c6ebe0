import { authContexts } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { recordsContext } from '@app/records';
import { Customer } from './customer.entity.js';
import type { NewCustomer } from './customer-document.js';
import { customersContext } from './index.js';

/** customers and what it uses: `bootSlice({ contexts: [...customersContexts, inquiriesContext] })`. */
export const customersContexts = [...authContexts, recordsContext, customersContext];

export const A_DAY = new Date('2026-11-02T09:00:00Z');

/** A card that may be created as it is; every call has an address of its own. */
export const aCard = (over: Partial<NewCustomer> = {}): NewCustomer => ({
  firstName: 'Mira',
  lastName: 'Okafor',
  email: `mira-${newId()}@okafor.example`,
  ...over,
});

/** A lead as it has just been created, its first events told. */
export function aCustomer(over: Partial<NewCustomer> = {}): Customer {
  const customer = Customer.create(aCard(over), newId(), A_DAY);
  customer.releaseEvents();
  return customer;
}
