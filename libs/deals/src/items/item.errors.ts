import { Invalid, RuleBroken } from '@app/kernel';

export class AmountTooLarge extends RuleBroken {
  constructor() {
    super('amount_too_large', 'A deal is worth less than 10^15 minor units');
  }
}

export class TooManyItems extends RuleBroken {
  constructor(most: number) {
    super('too_many_items', `A deal has at most ${most} lines`);
  }
}

/** A line without a product says by itself what it is and what it costs. */
export class FreeLineNeeds extends Invalid {
  constructor(missing: readonly string[]) {
    super('free_line_needs', `A line without a product needs ${missing.join(' and ')}`, {
      errors: missing.map((field) => ({
        pointer: `/${field}`,
        code: 'required',
        message: 'is required without a product',
      })),
    });
  }
}
