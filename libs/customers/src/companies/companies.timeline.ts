import type { Actor } from '@app/kernel';
import {
  currentTenantId,
  Database,
  newestFirst,
  Provides,
  type TimelineEntry,
  type TimelinePoint,
  TimelinePort,
  type TimelineSource,
  toldBefore,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CompanyPermissions } from './company.policy.js';

const KIND = 'companies.contact-joined';
const PLACE = { at: 'k.created_at', kind: `'${KIND}'`, id: 'k.id::text' };

type Told = { id: string; at: Date; companyId: string; name: string; role: string; createdBy: string };

/** Where a customer works, for whoever may see companies. */
@Injectable()
@Provides(TimelinePort)
export class CompaniesTimeline implements TimelineSource {
  readonly kinds = [KIND];
  readonly quotes = [{ record: 'companies', title: ['name'] }];

  constructor(private readonly db: Database) {}

  async entries(
    customerId: string,
    actor: Actor,
    limit: number,
    before: TimelinePoint | undefined,
  ): Promise<TimelineEntry[]> {
    if (!actor.can(CompanyPermissions.read)) return [];
    const params: unknown[] = [currentTenantId(), customerId, limit];
    const rows = await this.db.query<Told>(
      `select k.id::text as id, k.created_at as at, o.id as "companyId", o.name, k.role, k.created_by as "createdBy"
         from company_contacts k join companies o on o.tenant_id = k.tenant_id and o.id = k.company_id
        where k.tenant_id = $1 and k.customer_id = $2 and o.deleted_at is null and ${toldBefore(PLACE, before, params)}
        order by ${newestFirst(PLACE)} limit $3`,
      params,
    );
    return rows.map(({ id, at, companyId, name, role, createdBy }) => ({
      ...{ id, kind: KIND, at, title: `Belongs to ${name}` },
      ref: { resource: 'companies', id: companyId },
      ...{ actorId: createdBy, details: { company: name, role } },
    }));
  }
}
