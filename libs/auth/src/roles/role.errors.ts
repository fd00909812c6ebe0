import { Conflict, Invalid, RuleBroken } from '@app/kernel';

export class RoleUnknown extends RuleBroken {
  constructor(names: readonly string[]) {
    super('role_not_found', `There is no role ${names.join(', ')}`, { roles: names });
  }
}

export class RoleNameTaken extends Conflict {
  constructor(name: string) {
    super('role_name_taken', `There is a role ${name} already`);
  }
}

export class RoleInUse extends Conflict {
  constructor(name: string) {
    super('role_in_use', `Users have the role ${name}: give them another first`);
  }
}

export class GrantUnknown extends Invalid {
  constructor(grants: readonly string[]) {
    super('grant_unknown', `No loaded context declares ${grants.join(', ')}`, {
      errors: grants.map((grant) => ({
        pointer: '/grants',
        code: 'grant_unknown',
        message: `${grant} is not declared`,
      })),
    });
  }
}
