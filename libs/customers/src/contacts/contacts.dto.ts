import { PickType } from '@nestjs/swagger';
import type { Customer } from '../customer.entity.js';
import type { CustomerPatch, NewCustomer } from '../customer-document.js';
import { CustomerInput, type CustomerView, PatchCustomer } from '../customers.dto.js';

const FIELDS = ['firstName', 'lastName', 'email', 'phone', 'company'] as const;

/** A customer as ClientForge's clients know one. */
export type ContactView = Pick<CustomerView, 'id' | (typeof FIELDS)[number] | 'createdAt' | 'updatedAt'>;

export class CreateContact extends PickType(CustomerInput, FIELDS) {}

/** What is absent stays: ClientForge's PUT changes what it names. */
export class UpdateContact extends PickType(PatchCustomer, FIELDS) {}

export const toContact = (customer: CustomerView | Customer): ContactView => {
  const { id, firstName, lastName, email, phone, company, createdAt, updatedAt } = customer;
  return { id, firstName, lastName, email, phone, company, createdAt, updatedAt };
};

export const toNewContact = ({ firstName, lastName, email, phone, company }: CreateContact): NewCustomer => ({
  ...{ firstName, lastName: lastName ?? '', company: company || null },
  ...{ email: email ?? null, phone: phone ?? null },
});

export const toContactPatch = ({ lastName, company, ...rest }: UpdateContact): CustomerPatch => ({
  ...rest,
  ...(lastName !== undefined && { lastName: lastName ?? '' }),
  ...(company !== undefined && { company: company || null }),
});
