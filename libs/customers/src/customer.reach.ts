import type { Actor, Permission } from '@app/kernel';
import { CustomerReachPort, Database, Ports, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerPermissions } from './customer.policy.js';

/** Which customers somebody reaches: as SQL on a list, as a check on one record. Said here and nowhere else. */
@Injectable()
export class CustomerReach {
  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  /** SQL over `c`, a row of customers. Values go into `params`. Reading has further ways, such as an inquiry that is mine. */
  predicate(actor: Actor, permission: Permission, params: unknown[]): string {
    const scope = actor.reach(permission);
    if (!scope) return 'false';
    if (scope === 'all') return 'true';
    const further = permission === CustomerPermissions.read ? this.ports.all(CustomerReachPort) : [];
    const ways = [ownership(scope, actor, params), ...further.map((way) => way.predicate('c.id', actor, params))];
    return ways.map((way) => `(${way})`).join(' or ');
  }

  /** For a change: what is in the trash is still within reach, and refuses by itself. @throws RecordNotFound */
  async assertWithin(actor: Actor, permission: Permission, id: string): Promise<void> {
    if (actor.reach(permission) === 'all') return;
    await this.assertFound(actor, permission, id, 'true');
  }

  /** @throws RecordNotFound also for what is in the trash */
  async assertPresent(actor: Actor, permission: Permission, id: string): Promise<void> {
    await this.assertFound(actor, permission, id, 'c.deleted_at is null');
  }

  /** @throws RecordNotFound also for what is in the trash */
  async assertReadable(actor: Actor, id: string): Promise<void> {
    await this.assertPresent(actor, CustomerPermissions.read, id);
  }

  private async assertFound(actor: Actor, permission: Permission, id: string, condition: string): Promise<void> {
    const params: unknown[] = [id];
    const reached = this.predicate(actor, permission, params);
    const found = await this.db.one(
      `select 1 from customers c where c.id = $1 and ${condition} and (${reached})`,
      params,
    );
    if (!found) throw new RecordNotFound('customer', id);
  }
}

/** Own: created by me, assigned to me, or unassigned in one of my teams. Team: of my teams, or of their members. */
function ownership(scope: 'own' | 'team', actor: Actor, params: unknown[]): string {
  const me = `$${params.push(actor.id)}::uuid`;
  const teams = `$${params.push(actor.teams)}::uuid[]`;
  const own = `c.created_by = ${me} or c.assigned_to = ${me} or (c.assigned_to is null and c.team_id = any (${teams}))`;
  if (scope === 'own') return own;
  // An array and not a subselect with IN: an index takes it, and several can be combined.
  const members = `any (array(select m.user_id from team_members m where m.team_id = any (${teams})))`;
  return `${own} or c.team_id = any (${teams}) or c.created_by = ${members} or c.assigned_to = ${members}`;
}
