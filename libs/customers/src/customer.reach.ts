import { type Actor, anyOf, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import {
  CustomerReachPort,
  Database,
  type GuardedRecords,
  GuardedRecordsPort,
  Ports,
  Provides,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerPermissions } from './customer.policy.js';

const { read, update, assign, delete: remove, purge, merge, pinLevel } = CustomerPermissions;

/** Which customers somebody reaches: as SQL on a list, as a check on one record. Said here and nowhere else. */
@Injectable()
@Provides(GuardedRecordsPort)
export class CustomerReach implements GuardedRecords {
  readonly kind = 'customers';
  readonly namedBy = 'customerId';
  readonly read = read;
  readonly reaching = [read, update, assign, remove];
  readonly boundBy = { [purge.name]: remove, [merge.name]: update, [pinLevel.name]: update };
  readonly isReadFirst = false;
  readonly from = 'customers c';
  readonly id = 'c.id';
  readonly isPresent = 'c.deleted_at is null';

  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  /** SQL over `c`, a row of customers. Values go into `params`. */
  predicate(actor: Actor, permission: Permission, params: unknown[]): string {
    return anyOf(this.ways(actor, permission, params));
  }

  /** Reading has further ways, such as an inquiry that is mine. */
  ways(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
    const scope = actor.reach(permission);
    if (!scope) return [];
    if (scope === 'all') return EVERY_RECORD;
    const further = permission === read ? this.ports.all(CustomerReachPort) : [];
    return [
      ...ownership(scope, actor, params),
      ...further.map((one) => ({ name: one.way, sql: one.predicate('c.id', actor, params) })),
    ];
  }

  /** For a change: what is in the trash is still within reach, and refuses by itself. @throws RecordNotFound */
  async assertWithin(actor: Actor, permission: Permission, id: string): Promise<void> {
    if (actor.reach(permission) === 'all') return;
    await this.assertFound(actor, permission, id, 'true');
  }

  /** @throws RecordNotFound also for what is in the trash */
  async assertPresent(actor: Actor, permission: Permission, id: string): Promise<void> {
    await this.assertFound(actor, permission, id, this.isPresent);
  }

  /** @throws RecordNotFound also for what is in the trash */
  async assertReadable(actor: Actor, id: string): Promise<void> {
    await this.assertPresent(actor, read, id);
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

/** Own: created by me, assigned to me, or unassigned in one of my teams. Team: of my teams and those below the ones I lead, or of their members. */
function ownership(scope: 'own' | 'team', actor: Actor, params: unknown[]): Way[] {
  const me = `$${params.push(actor.id)}::uuid`;
  const teams = `$${params.push(actor.teams)}::uuid[]`;
  const own = [
    { name: 'created_by_me', sql: `c.created_by = ${me}` },
    { name: 'assigned_to_me', sql: `c.assigned_to = ${me}` },
    { name: 'unassigned_in_my_team', sql: `c.assigned_to is null and c.team_id = any (${teams})` },
  ];
  if (scope === 'own') return own;
  // An array and not a subselect with IN: an index takes it, and several can be combined.
  const reached = `$${params.push(actor.reachedTeams)}::uuid[]`;
  const members = `any (array(select m.user_id from team_members m where m.team_id = any (${reached})))`;
  return [
    ...own,
    { name: 'in_my_team', sql: `c.team_id = any (${reached})` },
    { name: 'created_in_my_team', sql: `c.created_by = ${members}` },
    { name: 'assigned_in_my_team', sql: `c.assigned_to = ${members}` },
  ];
}
