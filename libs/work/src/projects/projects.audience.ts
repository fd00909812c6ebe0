import type { Actor } from '@app/kernel';
import { type AudienceFields, AudienceFieldsPort, type FieldOptions, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ProjectPermissions } from './project.policy.js';
import { ProjectReach } from './project.reach.js';

/** Customers by what is done for them. */
@Injectable()
@Provides(AudienceFieldsPort)
export class ProjectsAudience implements AudienceFields {
  readonly about = 'projects';

  constructor(private readonly reach: ProjectReach) {}

  of(customerId: string, actor: Actor, params: unknown[]): Record<string, FieldOptions> {
    if (!actor.reach(ProjectPermissions.read)) return {};
    const reached = this.reach.predicate(actor, ProjectPermissions.read, params);
    const theirs = `projects p where p.tenant_id = app_tenant() and p.customer_id = ${customerId} and (${reached})`;
    return {
      count: {
        type: 'integer',
        column: `(select count(*) from ${theirs})`,
        description: 'How many projects there are',
        example: 1,
      },
      openCount: {
        type: 'integer',
        column: `(select count(*) from ${theirs} and p.status in ('planned', 'active', 'on_hold'))`,
        description: 'How many projects are not over',
        example: 1,
      },
    };
  }
}
