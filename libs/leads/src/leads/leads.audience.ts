import type { Actor } from '@app/kernel';
import {
  type AudienceFields,
  AudienceFieldsPort,
  type AudienceRecords,
  type FieldOptions,
  Provides,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LeadPermissions } from './lead.policy.js';
import { reachOf } from './lead.reach.js';
import { LeadList } from './leads.list.js';

/** Customers by the leads that became them. */
@Injectable()
@Provides(AudienceFieldsPort)
export class LeadsAudience implements AudienceFields {
  readonly about = 'leads';

  readonly records: AudienceRecords = { list: LeadList, of: theirs };

  of(customerId: string, actor: Actor, params: unknown[]): Record<string, FieldOptions> {
    const leads = theirs(customerId, actor, params);
    if (!leads) return {};
    const all = `from ${leads.from} where ${leads.where}`;
    const first = (column: string): string => `(select ${column} ${all} order by l.converted_at, l.id limit 1)`;
    return {
      count: {
        type: 'integer',
        column: `(select count(*) ${all})`,
        description: 'How many leads became this customer',
        example: 1,
      },
      firstSource: {
        type: 'text',
        column: first('l.source'),
        nullable: true,
        description: 'Where the first of them came from',
        example: 'trade-fair',
      },
      firstCampaign: {
        type: 'text',
        column: first(`l.utm->>'campaign'`),
        nullable: true,
        description: 'The campaign by which the first of them came',
        example: 'spring-fair',
      },
      lastConvertedAt: {
        type: 'instant',
        column: `(select max(l.converted_at) ${all})`,
        nullable: true,
        description: 'When the last of them was converted',
      },
    };
  }
}

function theirs(customerId: string, actor: Actor, params: unknown[]): ReturnType<AudienceRecords['of']> {
  if (!actor.reach(LeadPermissions.read)) return undefined;
  const reached = reachOf(actor, LeadPermissions.read, params);
  const where = `l.tenant_id = app_tenant() and l.customer_id = ${customerId} and l.deleted_at is null and (${reached})`;
  return { from: 'leads l', where };
}
