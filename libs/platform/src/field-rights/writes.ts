import { SetMetadata } from '@nestjs/common';

export const WRITES = 'nexus:writes-fields';

/** By kind of record, the fields that a route changes. */
export type WrittenFields = Readonly<Record<string, readonly string[]>>;

/** For a route that changes fields which its body does not name, or has no body: removing a number changes the customer's `phone`. */
export const Writes = (kind: string, ...fields: string[]): MethodDecorator => SetMetadata(WRITES, { [kind]: fields });
