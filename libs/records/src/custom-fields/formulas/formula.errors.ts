import { Conflict, RuleBroken } from '@app/kernel';

const at = (pointer: string, code: string, message: string) => ({ errors: [{ pointer, code, message }] });

/** `index`: of the character at which it cannot be read on, from 0. */
export class FormulaInvalid extends RuleBroken {
  constructor(message: string, index?: number) {
    super('formula_invalid', message, {
      ...(index !== undefined && { index }),
      ...at('/expression', 'formula_invalid', message),
    });
  }
}

export class FormulaFieldUnknown extends RuleBroken {
  constructor(name: string) {
    const message = `There is no field ${name} that a formula of these records can be made of`;
    super('formula_field_unknown', message, { field: name, ...at('/expression', 'formula_field_unknown', message) });
  }
}

export class FormulaCycle extends RuleBroken {
  constructor(names: readonly string[]) {
    const message = `A formula cannot be made of itself: ${names.join(' → ')}`;
    super('formula_cycle', message, { fields: names, ...at('/expression', 'formula_cycle', message) });
  }
}

export class TooManyFormulas extends RuleBroken {
  constructor(most: number) {
    super('too_many_formulas', `One kind of record has at most ${most} formulas, the archived ones included`);
  }
}

/** A formula would be left without what it is made of, or with what it cannot be made of. */
export class FieldInFormula extends Conflict {
  constructor(formulas: readonly string[]) {
    const message = `Made of this field are the formulas ${formulas.join(', ')}: change them first`;
    super('field_in_formula', message, { formulas });
  }
}
