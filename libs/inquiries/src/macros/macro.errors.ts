import { Conflict, Forbidden, RuleBroken } from '@app/kernel';

const ofBody = (code: string, message: string) => ({ errors: [{ pointer: '/body', code, message }] });

export class MacroVariableUnknown extends RuleBroken {
  constructor(
    readonly variable: string,
    known: readonly string[],
  ) {
    const message = `There is no variable called ${variable}`;
    super('macro_variable_unknown', message, { variable, known, ...ofBody('macro_variable_unknown', message) });
  }
}

export class MacroMalformed extends RuleBroken {
  constructor(at: number) {
    const message = `The braces that open at character ${at + 1} are not closed`;
    super('macro_malformed', message, { at, ...ofBody('macro_malformed', message) });
  }
}

export class MacroOutputTooLong extends RuleBroken {
  constructor(most: number) {
    super('macro_output_too_long', `The text would be longer than ${most} characters`, { most });
  }
}

export class MacroNameTaken extends Conflict {
  constructor(name: string) {
    const message = `There is a macro called ${name} already`;
    super('macro_name_taken', message, { errors: [{ pointer: '/name', code: 'macro_name_taken', message }] });
  }
}

/** It may be seen, but who may use it is not the caller's to decide. */
export class MacroOutOfReach extends Forbidden {
  constructor() {
    super('macro_out_of_reach', 'The permission macros:manage does not reach macros of this team, or of everybody');
  }
}
