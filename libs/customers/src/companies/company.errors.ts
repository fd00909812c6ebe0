import { Conflict, NotFound } from '@app/kernel';

export class DomainTaken extends Conflict {
  constructor(domain: string) {
    const message = `Another company has the domain ${domain}`;
    super('domain_taken', message, { errors: [{ pointer: '/domain', code: 'domain_taken', message }] });
  }
}

export class CompanyInTrash extends Conflict {
  constructor(companyId: string) {
    super('company_in_trash', 'The company is in the trash: restore it first', { companyId });
  }
}

export class CompanyNotInTrash extends Conflict {
  constructor(companyId: string) {
    super('company_not_in_trash', 'Only what is in the trash can be restored or deleted for good', { companyId });
  }
}

export class NoContactOfCompany extends NotFound {
  constructor(customerId: string) {
    super('not_found', `The customer ${customerId} does not belong to this company`, {
      resource: 'company contact',
      id: customerId,
    });
  }
}
