import { type FieldFault, RuleBroken } from '@app/kernel';

export class NotRestorable extends RuleBroken {
  constructor(errors: FieldFault[]) {
    super('not_restorable', 'Not all of these fields have a value there that can be restored', { errors });
  }
}
