import { type Actor, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import { Provides, type Searchable, SearchablePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CompanyPermissions } from './company.policy.js';

/** By name and domain. A company is nobody's own: who may see companies finds them all. */
@Injectable()
@Provides(SearchablePort)
export class SearchableCompanies implements Searchable {
  readonly tells = { title: ['name'], subtitle: ['domain'] };

  readonly records = {
    kind: 'companies',
    read: CompanyPermissions.read,
    from: 'companies o',
    id: 'o.id',
    isPresent: 'o.deleted_at is null',
    ways: (actor: Actor, permission: Permission): readonly Way[] => (actor.can(permission) ? EVERY_RECORD : []),
  };
}
