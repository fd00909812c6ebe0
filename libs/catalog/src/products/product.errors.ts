import { Conflict, RuleBroken } from '@app/kernel';

export class SkuTaken extends Conflict {
  constructor(sku: string) {
    super('sku_taken', `Something with the SKU ${sku} is sold already`);
  }
}

export class ProductInUse extends Conflict {
  constructor(id: string) {
    super('product_in_use', 'It has been offered; end its active days instead', { id });
  }
}

export class PriceOverlaps extends Conflict {
  constructor() {
    super('price_overlaps', 'It has a price in that currency on some of these days already');
  }
}

const broken = (pointer: string, code: string, message: string) => ({ errors: [{ pointer, code, message }] });

export class TaxClassUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no tax class with this id';
    super('tax_class_unknown', message, broken('/taxClassId', 'tax_class_unknown', message));
  }
}

export class OnlyServicesLast extends RuleBroken {
  constructor() {
    const message = 'Only a service takes time';
    super('only_services_last', message, broken('/durationMinutes', 'only_services_last', message));
  }
}

export class DaysOutOfOrder extends RuleBroken {
  constructor(pointer: string) {
    const message = 'must not lie before the first day';
    super('days_out_of_order', `The last day ${message}`, broken(pointer, 'days_out_of_order', message));
  }
}

export class ProductUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no product with this id';
    super('product_unknown', message, broken('/productId', 'product_unknown', message));
  }
}

export class ProductNotSold extends RuleBroken {
  constructor(day: string) {
    super('product_not_sold', `It is not sold on ${day}`, { day });
  }
}

export class NoPrice extends RuleBroken {
  constructor(currency: string, day: string) {
    super('no_price', `It has no price in ${currency} on ${day}`, { currency, day });
  }
}
