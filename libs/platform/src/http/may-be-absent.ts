import { ValidateIf } from 'class-validator';

/** The key may be missing; null is a value like any other and must pass the other rules. `IsOptional` would let it through. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);
