import {
  currentActor,
  currentTenantId,
  Database,
  type Ownership,
  OwnershipPort,
  Ports,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { assertCovered } from '../access/grants.js';
import { UserHandedOver } from '../events.js';
import { RoleAssignments } from '../roles/role-assignments.js';
import { Administrators } from '../users/administrators.js';
import { UsersService } from '../users/users.service.js';
import { UserPermissions } from '../users/user.policy.js';
import { DeactivationDenied, HandoverKindUnknown, HandoverToSelf, RecipientUnavailable } from './handover.errors.js';

export type HandoverWish = {
  readonly to: string;
  /** Everything there is, unless named. */
  readonly kinds?: readonly string[];
  readonly isDryRun: boolean;
  readonly deactivates: boolean;
};
export type Passed = { readonly kind: string; readonly count: number };
export type Handover = HandoverWish & { readonly from: string; readonly passed: readonly Passed[] };

type Status = 'active' | 'deactivated';

// SHARE waits for whoever is giving work to a person or closing their account, and they wait for it: see
// `refuse_inactive_assignee`. The row of whoever hands over is held harder, so that nothing new becomes theirs meanwhile.
const LEAVER = `select status from users where tenant_id = $1 and id = $2 for update`;
const RECIPIENT = `select status from users where tenant_id = $1 and id = $2 for share`;

/** A colleague leaves, or leaves something: what is theirs becomes another's, all of it in one commit. */
@Injectable()
export class HandoverService {
  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
    private readonly users: UsersService,
    private readonly roles: RoleAssignments,
    private readonly administrators: Administrators,
  ) {}

  /**
   * A dry run counts and changes nothing. With `deactivates` nobody can give the leaver anything between the two.
   * @throws HandoverToSelf, DeactivationDenied, HandoverKindUnknown, RecordNotFound, RecipientUnavailable, ExceedsOwnGrants, LastAdministrator
   */
  async handOver(from: string, wish: HandoverWish): Promise<Handover> {
    if (from === wish.to) throw new HandoverToSelf();
    if (wish.deactivates && !currentActor().can(UserPermissions.deactivate)) throw new DeactivationDenied();
    const owned = this.ownedOf(wish.kinds);
    assertCovered(currentActor(), await this.roles.grantsOf(from));
    if (wish.isDryRun) return { ...wish, from, passed: await this.preview(from, wish.to, owned) };
    const work = (): Promise<readonly Passed[]> => this.pass(from, wish, owned);
    const passed = await (wish.deactivates ? this.administrators.keepOne(work) : this.db.transaction(work));
    return { ...wish, from, passed };
  }

  private async pass(from: string, { to, deactivates }: HandoverWish, owned: readonly Ownership[]): Promise<Passed[]> {
    await this.assertBoth(from, to, LEAVER, RECIPIENT);
    const passed: Passed[] = [];
    for (const ownership of owned) passed.push({ kind: ownership.kind, count: await ownership.pass({ from, to }) });
    if (deactivates) await this.users.deactivate(from);
    const counts = Object.fromEntries(passed.map(({ kind, count }) => [kind, count]));
    await this.db.audit('users', from, 'handed_over', { after: { to, ...counts } });
    await this.db.publish(UserHandedOver({ userId: from, to, counts }));
    return passed;
  }

  private async preview(from: string, to: string, owned: readonly Ownership[]): Promise<Passed[]> {
    const reading = [LEAVER, RECIPIENT].map((sql) => sql.replace(/ for \w+$/, '')) as [string, string];
    await this.assertBoth(from, to, ...reading);
    const counts = await Promise.all(owned.map((ownership) => ownership.count(from)));
    return owned.map(({ kind }, index) => ({ kind, count: counts[index] ?? 0 }));
  }

  private async assertBoth(from: string, to: string, leaver: string, recipient: string): Promise<void> {
    const status = (sql: string, id: string): Promise<{ status: Status } | undefined> =>
      this.db.one<{ status: Status }>(sql, [currentTenantId(), id]);
    if (!(await status(leaver, from))) throw new RecordNotFound('user', from);
    if ((await status(recipient, to))?.status !== 'active') throw new RecipientUnavailable();
  }

  private ownedOf(kinds: readonly string[] | undefined): readonly Ownership[] {
    const all = [...this.ports.all(OwnershipPort)].sort((a, b) => (a.kind < b.kind ? -1 : 1));
    const known = all.map(({ kind }) => kind);
    const unknown = (kinds ?? []).filter((kind) => !known.includes(kind));
    if (unknown.length) throw new HandoverKindUnknown(unknown, known);
    return all.filter(({ kind }) => !kinds || kinds.includes(kind));
  }
}
