import { Forbidden } from '@app/kernel';
import { contains } from '../outbound/addresses.js';
import type { Caller } from './standings.js';

class AddressNotAllowed extends Forbidden {
  constructor() {
    super('address_not_allowed', 'This key may not be used from where the request comes from');
  }
}

/** @throws AddressNotAllowed where the caller's token is kept to other addresses and networks */
export function assertAllowedFrom({ allowedFrom }: Caller, address: string): void {
  if (allowedFrom && !contains(allowedFrom, address)) throw new AddressNotAllowed();
}
