import { type Actor, newId } from '@app/kernel';
import { ensureTenant, signIn } from '@app/auth/testing';
import {
  type CustomerReach,
  CustomerReachPort,
  parseListQuery,
  Provides,
  RecordNotFound,
  VersionConflict,
} from '@app/platform';
import { anActor, bootSlice, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { Injectable, Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Customer } from './customer.entity.js';
import {
  AssigneeUnavailable,
  CustomerInTrash,
  CustomerInUse,
  CustomerNotInTrash,
  EmailTaken,
  PermissionMissing,
  TeamNotFound,
} from './customer.errors.js';
import { CustomerPermissions as may } from './customer.policy.js';
import { CustomersFacade } from './customers.facade.js';
import { CustomerList } from './customers.list.js';
import { CustomersQueries } from './customers.queries.js';
import { CustomersService } from './customers.service.js';
import { aCard, customersContexts } from './testing.js';

const EVERYTHING = Object.values(may);

/** Another context's way to a customer. */
@Injectable()
@Provides(CustomerReachPort)
class VisitsReach implements CustomerReach {
  readonly way = 'through_a_visit';

  static visited: string[] = [];

  predicate(customerId: string, _actor: Actor, params: unknown[]): string {
    return `${customerId} = any ($${params.push(VisitsReach.visited)}::uuid[])`;
  }
}

@Module({ providers: [VisitsReach] })
class VisitsModule {}

describe('CustomersService', () => {
  let slice: Slice;
  let customers: CustomersService;
  let facade: CustomersFacade;
  const ada = anActor(EVERYTHING, { name: 'Ada' });
  const bob = anActor(EVERYTHING, { name: 'Bob', tenantId: OTHER_TENANT });
  const as = <T>(work: () => Promise<T>): Promise<T> => slice.as(ada, work);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts, modules: [VisitsModule] });
    customers = slice.get(CustomersService);
    facade = slice.get(CustomersFacade);
    await ensureTenant(slice);
    await ensureTenant(slice, OTHER_TENANT);
  });
  beforeEach(() => slice.empty('customers', 'outbox', 'deliveries', 'audit_log'));
  afterAll(() => slice.close());

  const rows = async <T = Record<string, unknown>>(sql: string): Promise<T[]> =>
    (await slice.superuser.query(sql)).rows as T[];
  const told = async (): Promise<string[]> =>
    (await rows<{ type: string }>('select type from outbox order by at, id')).map(({ type }) => type);

  describe('creating', () => {
    it('writes the row, its events and its audit row together', async () => {
      const customer = await as(() =>
        customers.create(
          aCard({ email: 'Mira@Okafor.example', phone: '030 123456', country: 'DE', status: 'customer' }),
        ),
      );
      expect(customer).toMatchObject({
        tenantId: TENANT,
        version: 1,
        status: 'customer',
        createdBy: ada.id,
        email: 'mira@okafor.example',
      });
      expect(await rows('select email, phone, created_by from customers')).toEqual([
        { email: 'mira@okafor.example', phone: '+4930123456', created_by: ada.id },
      ]);
      expect(await told()).toEqual(['customers.created', 'customers.won']);
      expect(await rows('select entity, action, actor_name from audit_log')).toEqual([
        { entity: 'customers', action: 'created', actor_name: 'Ada' },
      ]);
    });

    it('keeps what only search reads out of the audit trail', async () => {
      await as(() => customers.create(aCard()));
      expect((await rows<{ after: object }>('select after from audit_log'))[0]?.after).not.toHaveProperty(
        'search_text',
      );
    });

    it('belongs to the only team of whoever creates it', async () => {
      const teamId = newId();
      const { actor } = await signIn(slice, { grants: EVERYTHING, teams: [teamId] });
      expect(await slice.as(actor, () => customers.create(aCard()))).toMatchObject({ teamId });
      expect(await slice.as(actor, () => customers.create(aCard({ teamId: null })))).toMatchObject({ teamId: null });
    });

    it('refuses a team that does not exist, or is another tenant’s', async () => {
      const theirs = newId();
      await signIn(slice, { tenantId: OTHER_TENANT, teams: [theirs] });
      await expect(as(() => customers.create(aCard({ teamId: newId() })))).rejects.toThrow(TeamNotFound);
      await expect(as(() => customers.create(aCard({ teamId: theirs })))).rejects.toThrow(TeamNotFound);
    });

    it('gives an address to one customer of a tenant, however it is spelt', async () => {
      const first = await as(() => customers.create(aCard({ email: 'mira@okafor.example' })));
      const refused = as(() => customers.create(aCard({ email: ' MIRA@okafor.EXAMPLE ' })));
      await expect(refused).rejects.toMatchObject({
        code: 'email_taken',
        details: { existingId: first.id, errors: [{ pointer: '/email' }] },
      });
      await slice.as(bob, () => customers.create(aCard({ email: 'mira@okafor.example' })));
      expect(await rows('select 1 from customers')).toHaveLength(2);
    });

    it('counts addresses that are not the primary one', async () => {
      await as(() => customers.create(aCard({ contactPoints: [{ kind: 'email', value: 'private@okafor.example' }] })));
      await expect(as(() => customers.create(aCard({ email: 'private@okafor.example' })))).rejects.toThrow(EmailTaken);
    });

    it('does not name a record that the actor may not read', async () => {
      await as(() => customers.create(aCard({ email: 'mira@okafor.example' })));
      const stranger = anActor(['customers:read_own', 'customers:create']);
      const refusal = await slice
        .as(stranger, () => customers.create(aCard({ email: 'mira@okafor.example' })))
        .catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(EmailTaken);
      expect(refusal).not.toHaveProperty('details.existingId');
    });

    it('names the owner of an address also inside a transaction, which goes on', async () => {
      const first = await as(() => customers.create(aCard({ email: 'mira@okafor.example' })));
      await as(() =>
        slice.db.transaction(async () => {
          await expect(customers.create(aCard({ email: 'mira@okafor.example' }))).rejects.toMatchObject({
            details: { existingId: first.id },
          });
          await customers.create(aCard());
        }),
      );
      expect(await rows('select 1 from customers')).toHaveLength(2);
    });

    it('lets a phone number be shared', async () => {
      await as(() => customers.create(aCard({ phone: '+4930123456' })));
      await as(() => customers.create(aCard({ phone: '+4930123456' })));
      expect(await rows("select 1 from customer_contact_points where kind = 'phone'")).toHaveLength(2);
    });
  });

  describe('changing', () => {
    it('lets exactly one of 50 parallel changes of one version through', async () => {
      const { id } = await as(() => customers.create(aCard()));
      const changes = Array.from({ length: 50 }, (_, index) =>
        as(() => customers.patch(id, { firstName: `No. ${index}` }, 1)),
      );
      const outcomes = await Promise.allSettled(changes);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
      expect(reasons.every((reason) => reason instanceof VersionConflict)).toBe(true);
      expect(await told()).toEqual(['customers.created', 'customers.updated']);
    });

    it('merges metadata as a merge patch and empties it by null', async () => {
      const { id } = await as(() => customers.create(aCard({ metadata: { a: 1, b: { c: 2, d: 3 } } })));
      const patched = await as(() => customers.patch(id, { metadata: { a: null, b: { d: 4 } } }));
      expect(patched.metadata).toEqual({ b: { c: 2, d: 4 } });
      expect((await as(() => customers.patch(id, { metadata: null }))).metadata).toEqual({});
    });

    it('refuses an address that somebody else has', async () => {
      await as(() => customers.create(aCard({ email: 'mira@okafor.example' })));
      const { id } = await as(() => customers.create(aCard()));
      await expect(as(() => customers.patch(id, { email: 'mira@okafor.example' }))).rejects.toThrow(EmailTaken);
    });

    it('frees an address that is given up', async () => {
      const { id } = await as(() => customers.create(aCard({ email: 'mira@okafor.example' })));
      await as(() => customers.patch(id, { email: 'okafor@okafor.example' }));
      await as(() => customers.create(aCard({ email: 'mira@okafor.example' })));
      expect(await rows('select email from customers order by email')).toEqual([
        { email: 'mira@okafor.example' },
        { email: 'okafor@okafor.example' },
      ]);
    });

    it('gives a customer to an active colleague and to nobody', async () => {
      const { userId } = await signIn(slice);
      const { id } = await as(() => customers.create(aCard()));
      expect(await as(() => customers.assign(id, userId))).toMatchObject({ assignedTo: userId, version: 2 });
      expect(await as(() => customers.assign(id, null))).toMatchObject({ assignedTo: null, version: 3 });
      expect(await told()).toEqual(['customers.created', 'customers.assigned', 'customers.assigned']);
    });

    it('gives it to nobody who is unknown, deactivated or of another tenant', async () => {
      const { id } = await as(() => customers.create(aCard()));
      const theirs = await signIn(slice, { tenantId: OTHER_TENANT });
      const left = await signIn(slice);
      await slice.superuser.query('alter table users disable trigger audit');
      await slice.superuser.query("update users set status = 'deactivated' where id = $1", [left.userId]);
      for (const userId of [newId(), theirs.userId, left.userId]) {
        await expect(as(() => customers.assign(id, userId))).rejects.toThrow(AssigneeUnavailable);
      }
    });

    it('keeps its tenant’s customers from another tenant', async () => {
      const { id } = await as(() => customers.create(aCard()));
      await expect(slice.as(bob, () => customers.patch(id, { firstName: 'Mine' }))).rejects.toThrow(RecordNotFound);
      expect(await slice.as(bob, () => facade.card(id))).toBeUndefined();
    });
  });

  describe('reaching', () => {
    it('goes further where another context knows a way, to read and for nothing else', async () => {
      const { id } = await as(() => customers.create(aCard()));
      const stranger = anActor(['customers:read_own', 'customers:update_own']);
      const queries = slice.get(CustomersQueries);
      await expect(slice.as(stranger, () => queries.view(id))).rejects.toThrow(RecordNotFound);
      VisitsReach.visited = [id];
      expect(await slice.as(stranger, () => queries.view(id))).toMatchObject({ id });
      expect((await slice.as(stranger, () => queries.list(parseListQuery({}, CustomerList)))).data).toMatchObject([
        { id },
      ]);
      await slice.as(stranger, () => facade.assertReadable(stranger, id));
      await expect(slice.as(stranger, () => customers.patch(id, { firstName: 'Mine' }))).rejects.toThrow(
        RecordNotFound,
      );
    });
  });

  describe('the trash', () => {
    it('keeps a customer out of reach until it is restored', async () => {
      const { id } = await as(() => customers.create(aCard()));
      await as(() => customers.trash(id, 'spam'));
      await expect(as(() => facade.assertReadable(ada, id))).rejects.toThrow(RecordNotFound);
      await expect(as(() => customers.patch(id, { firstName: 'New' }))).rejects.toThrow(CustomerInTrash);
      await as(() => customers.restore(id));
      await as(() => facade.assertReadable(ada, id));
      expect(await told()).toEqual(['customers.created', 'customers.trashed', 'customers.restored']);
    });

    it('frees the address, and gives the customer back only while nobody else has it', async () => {
      const { id } = await as(() => customers.create(aCard({ email: 'mira@okafor.example' })));
      await as(() => customers.trash(id, null));
      const heir = await as(() => customers.create(aCard({ email: 'mira@okafor.example' })));
      await expect(as(() => customers.restore(id))).rejects.toMatchObject({
        code: 'email_taken',
        details: { existingId: heir.id },
      });
      await as(() => customers.trash(heir.id, null));
      expect(await as(() => customers.restore(id))).toMatchObject({ id, deletedAt: null });
    });

    it('is the only place from which a customer goes for good', async () => {
      const { id } = await as(() => customers.create(aCard()));
      await expect(as(() => customers.purge(id))).rejects.toThrow(CustomerNotInTrash);
      await as(() => customers.trash(id, null));
      await as(() => customers.purge(id));
      expect(await rows('select 1 from customers')).toEqual([]);
      expect((await told()).at(-1)).toBe('customers.purged');
      expect((await rows('select action from audit_log order by id')).at(-1)).toEqual({ action: 'deleted' });
    });

    it('is emptied only by who may purge', async () => {
      const { id } = await as(() => customers.create(aCard()));
      await as(() => customers.trash(id, null));
      const clerk = anActor([may.read, may.delete, may.restore]);
      await expect(slice.as(clerk, () => customers.purge(id))).rejects.toThrow(PermissionMissing);
    });

    it('keeps a customer that other records refer to', async () => {
      const { id } = await as(() => customers.create(aCard()));
      await as(() => customers.trash(id, null));
      await slice.superuser.query(`create table referrers (tenant_id uuid, customer_id uuid,
        constraint referrers_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id))`);
      await slice.superuser.query('insert into referrers values ($1, $2)', [TENANT, id]);
      await expect(as(() => customers.purge(id))).rejects.toThrow(CustomerInUse);
      await slice.superuser.query('drop table referrers');
    });
  });

  describe('identifying whoever wrote', () => {
    const stranger = { email: 'Mira@Okafor.example', name: 'Mira Okafor', source: 'mail' };

    it('finds a customer by any of their addresses', async () => {
      const { id } = await as(() =>
        customers.create(aCard({ contactPoints: [{ kind: 'email', value: 'mira@okafor.example' }] })),
      );
      expect(await as(() => facade.identify(stranger))).toEqual({ customerId: id, isNew: false, isBlocked: false });
    });

    it('makes a lead of somebody unknown', async () => {
      const { customerId, isNew } = await as(() => facade.identify(stranger));
      expect(isNew).toBe(true);
      const lead = {
        firstName: 'Mira',
        lastName: 'Okafor',
        email: 'mira@okafor.example',
        status: 'lead',
        source: 'mail',
      };
      expect(await as(() => slice.db.get(Customer, customerId))).toMatchObject(lead);
    });

    it.each(['root@localhost', 'mira..k.@carrier.example'])(
      'takes the address %s, which a person could not enter',
      async (email) => {
        const { customerId } = await as(() => facade.identify({ email, source: 'mail' }));
        expect(await as(() => facade.card(customerId))).toMatchObject({ email });
      },
    );

    it('makes one customer of 20 mails of one stranger', async () => {
      const found = await Promise.all(Array.from({ length: 20 }, () => as(() => facade.identify(stranger))));
      expect(new Set(found.map(({ customerId }) => customerId)).size).toBe(1);
      expect(found.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(await told()).toEqual(['customers.created']);
    });

    it('shares the caller’s transaction, and is undone with it', async () => {
      const lost = as(() =>
        slice.db.transaction(async () => {
          await facade.identify(stranger);
          throw new Error('later failure');
        }),
      );
      await expect(lost).rejects.toThrow('later failure');
      expect(await rows('select 1 from customers')).toEqual([]);
    });

    it('begins anew with somebody whose record is in the trash', async () => {
      const { customerId } = await as(() => facade.identify(stranger));
      await as(() => customers.trash(customerId, 'spam'));
      const again = await as(() => facade.identify(stranger));
      expect(again).toMatchObject({ isNew: true });
      expect(again.customerId).not.toBe(customerId);
    });

    it('refuses what is no address', async () => {
      await expect(as(() => facade.identify({ email: 'nobody', source: 'mail' }))).rejects.toMatchObject({
        code: 'invalid_email',
      });
    });
  });
});
