import { Conflict, Forbidden, type Permission, RuleBroken } from '@app/kernel';

/** To convert is also to do what the parts of it are: whoever may not begin deals does not begin one this way. */
export class PermissionMissing extends Forbidden {
  constructor(permission: Permission) {
    super('permission_missing', `This needs the permission ${permission.name}`, { permission: permission.name });
  }
}

/** `known` names those whom the caller may read, and by what each is known; nobody else is named. */
export class CustomerKnown extends Conflict {
  constructor(known: readonly { readonly customerId: string; readonly by: readonly string[] }[]) {
    const message = 'A customer has this address or number already: say who it is with customerId';
    super('customer_known', message, { known, errors: [{ pointer: '/customerId', code: 'customer_known', message }] });
  }
}

export class CompanyUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no company with this id';
    super('company_unknown', message, { errors: [{ pointer: '/companyId', code: 'company_unknown', message }] });
  }
}

/** A company is opened under the name that the lead gives. */
export class CompanyNameless extends RuleBroken {
  constructor() {
    const message = 'The lead names no company that could be opened';
    super('company_nameless', message, { errors: [{ pointer: '/opensCompany', code: 'company_nameless', message }] });
  }
}

export class EitherOr extends RuleBroken {
  constructor(pointer: string, other: string) {
    const message = `is given instead of ${other}, not together with it`;
    super('either_or', `${pointer.slice(1)} ${message}`, { errors: [{ pointer, code: 'either_or', message }] });
  }
}
