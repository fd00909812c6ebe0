import { SetMetadata } from '@nestjs/common';

export const RAW_RECORDS = 'nexus:raw-records';

/** For a route that hands out records as they rest, under the names of columns: closed to whoever is kept from any field. */
export const RawRecords = (): MethodDecorator => SetMetadata(RAW_RECORDS, true);

export const WRITES = 'nexus:writes-fields';

/** By kind of record, the fields that a route changes. */
export type WrittenFields = Readonly<Record<string, readonly string[]>>;

/** For a route that changes fields which its body does not name, or has no body: removing a number changes the customer's `phone`. */
export const Writes = (kind: string, ...fields: string[]): MethodDecorator => SetMetadata(WRITES, { [kind]: fields });
