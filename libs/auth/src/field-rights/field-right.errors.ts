import { type FieldFault, Forbidden, RuleBroken } from '@app/kernel';

/** Fields that no rule may be about, each with the reason. */
export class FieldNotRestrictable extends RuleBroken {
  constructor(errors: FieldFault[]) {
    super('field_not_restrictable', errors[0]?.message ?? 'No rule may be about this field', { errors });
  }
}

/** Nobody opens to others, or by way of others to themselves, what their own roles keep from them. */
export class ExceedsOwnFieldRights extends Forbidden {
  constructor(fields: readonly string[]) {
    super('exceeds_own_field_rights', `Your own roles keep you from ${fields.slice(0, 5).join(', ')}`, { fields });
  }
}
