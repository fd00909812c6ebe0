import { Conflict } from '@app/kernel';

export class TaxClassNameTaken extends Conflict {
  constructor(name: string) {
    super('tax_class_name_taken', `There is a tax class called ${name} already`);
  }
}

export class TaxClassInUse extends Conflict {
  constructor() {
    super('tax_class_in_use', 'Something is sold at this tax; give that another one first');
  }
}
