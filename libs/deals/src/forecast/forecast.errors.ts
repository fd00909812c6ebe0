import { Conflict, RuleBroken } from '@app/kernel';

/** A rate is not changed: reports of the past would change with it. */
export class RateKnown extends Conflict {
  constructor() {
    super('exchange_rate_known', 'There is a rate of these currencies for that day; remove it first if it is wrong');
  }
}

export class SameCurrency extends RuleBroken {
  constructor() {
    const message = 'must be another currency than the base';
    super('same_currency', `The currency ${message}`, {
      errors: [{ pointer: '/currency', code: 'same_currency', message }],
    });
  }
}

export class PeriodTooLong extends RuleBroken {
  constructor(months: number) {
    super('period_too_long', `A forecast reaches over ${months} months at most, and ends after it begins`);
  }
}

/** JSON carries whole numbers exactly up to 2^53. */
export class SumTooLarge extends RuleBroken {
  constructor() {
    super('sum_too_large', 'The sum is too large to be told exactly; ask for a shorter period');
  }
}
