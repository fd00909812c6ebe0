import { type FieldFault, Invalid, RuleBroken } from '@app/kernel';

/** Names everything that is missing, not only the first of it. */
export class RequirementsMissing extends RuleBroken {
  constructor(to: string, errors: FieldFault[]) {
    const lacking = errors.map(({ message }) => message.replace('is required: ', '')).join(', ');
    super('requirements_missing', `To become ${to} it takes ${lacking}`, { to, errors });
  }
}

export class UnknownDemand extends Invalid {
  constructor(errors: FieldFault[]) {
    super('unknown_field', 'There are no such fields to demand', { errors });
  }
}
