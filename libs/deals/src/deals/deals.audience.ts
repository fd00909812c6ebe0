import type { Actor } from '@app/kernel';
import {
  type AudienceFields,
  AudienceFieldsPort,
  type AudienceRecords,
  type FieldOptions,
  Provides,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DealPermissions } from './deal.policy.js';
import { reachOf } from './deal.reach.js';
import { DealList } from './deals.list.js';

/** Customers by what is or was sold to them. */
@Injectable()
@Provides(AudienceFieldsPort)
export class DealsAudience implements AudienceFields {
  readonly about = 'deals';

  readonly records: AudienceRecords = { list: DealList, of: theirs };

  of(customerId: string, actor: Actor, params: unknown[]): Record<string, FieldOptions> {
    const deals = theirs(customerId, actor, params);
    if (!deals) return {};
    const all = `${deals.from} where ${deals.where}`;
    const count = (status: string): FieldOptions['column'] =>
      `(select count(*) from ${all} and d.status = '${status}')`;
    return {
      openCount: { type: 'integer', column: count('open'), description: 'How many deals are open', example: 0 },
      wonCount: { type: 'integer', column: count('won'), description: 'How many deals were won', example: 1 },
      lostCount: { type: 'integer', column: count('lost'), description: 'How many deals were lost', example: 1 },
      lastWonAt: {
        type: 'instant',
        column: `(select max(d.closed_at) from ${all} and d.status = 'won')`,
        nullable: true,
        description: 'When the last one was won',
      },
    };
  }
}

function theirs(customerId: string, actor: Actor, params: unknown[]): ReturnType<AudienceRecords['of']> {
  if (!actor.reach(DealPermissions.read)) return undefined;
  const reached = reachOf(actor, DealPermissions.read, params);
  const where = `d.tenant_id = app_tenant() and d.customer_id = ${customerId} and d.deleted_at is null and (${reached})`;
  return { from: 'deals d', where };
}
