import { Clock, newId } from '@app/kernel';
import {
  currentActor,
  currentTenantId,
  CustomerRecordsPort,
  Database,
  type NamedIn,
  onConstraint,
  Ports,
  type Renaming,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Customer } from '../customer.entity.js';
import { AssigneeUnavailable, CustomerMerged, EmailTaken, MergedWithItself } from '../customer.errors.js';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerReach } from '../customer.reach.js';
import { type Choice, fieldsOf, mergeFields, unmergeFields } from './merged-fields.js';
import { MergedConsents } from './merged-consents.js';
import { Merge } from './merge.entity.js';

export type Merging = { readonly survivorId: string; readonly loserId: string; readonly fields: Choice };

/** Of two customers one, with everything that any context keeps of them, and two again. */
@Injectable()
export class MergingService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: CustomerReach,
    private readonly ports: Ports,
    private readonly consents: MergedConsents,
  ) {}

  /**
   * One transaction over all contexts. Both are held in the order of their ids, so that of A into B and B into A at once one
   * wins; what comes in for the loser meanwhile waits, and goes to the survivor. Said again it answers the merge that stands.
   * @throws RecordNotFound, MergedWithItself, CustomerMerged, CustomerInTrash, TooManyContactPoints, MetadataTooLarge
   */
  async merge({ survivorId, loserId, fields }: Merging): Promise<Merge> {
    if (survivorId === loserId) throw new MergedWithItself();
    await this.assertChangeable(survivorId, loserId);
    return this.db
      .transaction(async () => {
        const [survivor, loser] = await this.hold(survivorId, loserId);
        if (loser.mergedInto === survivorId) return this.standing(survivorId, loserId);
        return this.unite(survivor, loser, fields);
      })
      .catch(onConstraint('customers_assignee_exists', () => new AssigneeUnavailable('')));
  }

  /**
   * What came with the merge goes back where it came from; what came after it stays. Of the survivor's fields those go back
   * that nobody changed since. @throws RecordNotFound, MergeUndone, CustomerMerged, CustomerInTrash, EmailTaken
   */
  async undo(id: string, version?: number): Promise<Merge> {
    const { survivorId, loserId } = await this.db.get(Merge, id);
    await this.assertChangeable(survivorId, loserId);
    return this.db
      .transaction(async () => {
        const [survivor, loser] = await this.hold(survivorId, loserId);
        const merge = await this.db.lock(Merge, id, version);
        merge.undo(currentActor().id, this.clock.now());
        await this.part(merge, survivor, loser);
        return this.db.save(merge);
      })
      .catch(onConstraint('customers_email_is_unique', () => new EmailTaken()));
  }

  private async unite(survivor: Customer, loser: Customer, choice: Choice): Promise<Merge> {
    const { id: mergedBy } = currentActor();
    const [from, to] = [loser.id, survivor.id];
    const snapshots = { survivor: { ...fieldsOf(survivor) }, loser: { ...fieldsOf(loser) } };
    const fields = mergeFields(survivor, loser, choice);
    const brought = (await this.isBroughtBy(survivor, from)) ? { ...fields, referredBy: null } : fields;
    const latest = await this.consents.latest(from, to);
    const mergeId = newId();
    loser.yieldTo(to, mergedBy, this.clock.now());
    await this.db.save(loser); // first, since its addresses are free then
    survivor.takeOver(brought, { otherId: from, mergeId });
    await this.db.save(survivor);
    const moved = await this.rename({ from, to });
    const restricted = await this.consents.restrict(to, latest);
    await this.db.audit('customers', to, 'merged', { before: snapshots, after: { loserId: from, ...brought } });
    return this.db.create(
      Merge.of({
        ...{ id: mergeId, survivorId: to, loserId: from, mergedBy, moved, restricted },
        ...{ survivorBefore: snapshots.survivor, survivorAfter: brought },
      }),
    );
  }

  private async part(merge: Merge, survivor: Customer, loser: Customer): Promise<void> {
    const { survivorId, loserId, moved, survivorBefore, survivorAfter } = merge;
    const { referredBy, wonAt, ...fields } = unmergeFields(fieldsOf(survivor), survivorBefore, survivorAfter);
    survivor.giveBack(
      { ...fields, ...(wonAt !== undefined && { wonAt: wonAt && new Date(wonAt) }) },
      { otherId: loserId, mergeId: merge.id },
    );
    await this.db.save(survivor); // first, since it gives the addresses back
    loser.standAlone();
    await this.db.save(loser);
    await this.rename({ from: survivorId, to: loserId, only: moved });
    if (referredBy && !survivor.referredBy) await this.referAgain(survivor, referredBy);
    await this.consents.restore(survivorId, merge.restricted);
    await this.db.audit('customers', survivorId, 'parted', { after: { loserId, ...fields } });
  }

  /** Somebody may have brought the other one since: then it stays unsaid. */
  private async referAgain(survivor: Customer, referredBy: string): Promise<void> {
    const isCycle = await this.isBroughtBy(await this.db.get(Customer, referredBy), survivor.id);
    if (isCycle) return;
    survivor.comeFrom(referredBy);
    await this.db.save(survivor);
  }

  /** Whether somebody was brought by this customer, be it over others. */
  private async isBroughtBy({ referredBy }: Customer, customerId: string): Promise<boolean> {
    const found = await this.db.one(
      `with recursive chain (id) as (select $2::uuid union select c.referred_by from customers c join chain on c.id = chain.id
         where c.tenant_id = $1 and c.referred_by is not null) select 1 from chain where id = $3`,
      [currentTenantId(), referredBy, customerId],
    );
    return found !== undefined;
  }

  private async rename(renaming: Renaming): Promise<NamedIn> {
    const renamed: NamedIn[] = [];
    for (const records of this.ports.all(CustomerRecordsPort)) renamed.push(await records.rename(renaming));
    return Object.assign({}, ...renamed) as NamedIn;
  }

  private async assertChangeable(...ids: string[]): Promise<void> {
    for (const id of ids) await this.reach.assertWithin(currentActor(), CustomerPermissions.update, id);
  }

  private async hold(survivorId: string, loserId: string): Promise<[Customer, Customer]> {
    const held = new Map<string, Customer>();
    for (const id of [survivorId, loserId].sort()) held.set(id, await this.db.lock(Customer, id));
    return [survivorId, loserId].map((id) => held.get(id)) as [Customer, Customer];
  }

  private async standing(survivorId: string, loserId: string): Promise<Merge> {
    const which = `tenant_id = $1 and loser_id = $2 and state = 'merged'`;
    const [merge] = await this.db.findWhere(Merge, which, [currentTenantId(), loserId]);
    if (!merge) throw new CustomerMerged(loserId, survivorId);
    return merge;
  }
}
