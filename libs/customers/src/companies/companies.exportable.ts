import type { Actor } from '@app/kernel';
import { type Exportable, ExportablePort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { companyColumns, CompanyList } from './companies.list.js';
import { CompanyPermissions } from './company.policy.js';

/** Companies as files. They are nobody's own: who may see companies exports them all. */
@Injectable()
@Provides(ExportablePort)
export class CompaniesExportable implements Exportable {
  readonly kind = 'companies';
  readonly permission = CompanyPermissions.export;
  readonly spec = CompanyList;
  readonly from = 'companies o';

  get columns(): Exportable['columns'] {
    return companyColumns();
  }

  where(actor: Actor): string {
    return `o.deleted_at is null and ${actor.can(CompanyPermissions.read)}`;
  }
}
