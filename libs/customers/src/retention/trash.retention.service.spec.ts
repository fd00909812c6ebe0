import { signIn, type SignedIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { runAsSystem } from '@app/platform';
import { anActor, bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CustomerPermissions as may } from '../customer.policy.js';
import { CustomersService } from '../customers.service.js';
import { aCard, customersContexts } from '../testing.js';
import { CustomerTrash } from './trash.retention.js';

const DAY = 86_400_000;

describe('The trash of customers', () => {
  const clock = new FixedClock();
  const ada = anActor(Object.values(may), { name: 'Ada' });
  let slice: Slice;
  let keeper: SignedIn;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts, app: 'worker', clock });
    keeper = await signIn(slice);
    expect(keeper.actor.tenantId).toBe(TENANT);
  });
  afterAll(() => slice?.close());

  const customers = () => slice.get(CustomersService);
  const aDiscarded = (): Promise<string> =>
    slice.as(ada, async () => {
      const { id } = await customers().create(aCard());
      await customers().trash(id, null);
      return id;
    });
  const purge = (days: number): Promise<number> =>
    runAsSystem(TENANT, 'tests.retention', newId(), () =>
      slice.get(CustomerTrash).purge(new Date(clock.now().getTime() - days * DAY)),
    );
  const left = async (...ids: string[]): Promise<string[]> => {
    const { rows } = await slice.superuser.query<{ id: string }>('select id from customers where id = any ($1)', [ids]);
    return ids.filter((id) => rows.some((row) => row.id === id));
  };

  it('gives up for good what lay in it for long enough, more than one batch of it, and tells of each', async () => {
    const old = [];
    for (let n = 0; n < 101; n++) old.push(await aDiscarded());
    clock.advance(10 * DAY);
    const recent = await aDiscarded();
    const present = await slice.as(ada, async () => (await customers().create(aCard())).id);
    expect(await purge(9)).toBe(101);
    expect(await left(...old, recent, present)).toEqual([recent, present]);
    const { rows } = await slice.superuser.query(
      "select 1 from outbox where tenant_id = $1 and type = 'customers.purged' and payload->>'customerId' = any ($2)",
      [TENANT, old],
    );
    expect(rows).toHaveLength(101);
    expect(await purge(9)).toBe(0);
  });

  it('keeps what another record names, and what was merged, and gives up the rest', async () => {
    const [named, other, merged, target] = [
      await aDiscarded(),
      await aDiscarded(),
      await aDiscarded(),
      await aDiscarded(),
    ];
    await slice.superuser.query(`create table visits (tenant_id uuid, customer_id uuid,
      constraint visits_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id))`);
    await slice.superuser.query('insert into visits values ($1, $2)', [TENANT, named]);
    await slice.as(ada, () =>
      slice.db.transaction(() =>
        slice.db.query('update customers set merged_into = $2 where id = $1', [merged, target]),
      ),
    );
    clock.advance(30 * DAY);
    await purge(20);
    expect(await left(named, other, merged, target)).toEqual([named, merged, target]);
  });

  it('deletes each once, however many workers do it at once', async () => {
    for (let n = 0; n < 10; n++) await aDiscarded();
    clock.advance(30 * DAY);
    const gone = await Promise.all([purge(20), purge(20), purge(20)]);
    expect(gone.reduce((sum, one) => sum + one, 0)).toBe(10);
  });
});
