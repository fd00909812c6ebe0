import { ensureTenant } from '@app/auth/testing';
import { FixedClock } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CustomersFacade } from '../customers.facade.js';
import { CustomersService } from '../customers.service.js';
import { aCard, customersContexts } from '../testing.js';
import { MergingService } from '../merging/merging.service.js';
import { LevelPinsService } from './level-pins.service.js';

const NOW = new Date('2031-03-03T10:00:00Z'); // no timer comes due while a test runs
const SOON = '2031-03-04T10:00:00.000Z';
const LATER = '2031-03-05T10:00:00.000Z';
const ada = anActor(['customers:create', 'customers:update_all', 'customers:delete_all', 'customers:pin-level']);

describe('The end of a level pin', () => {
  let slice: Slice;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts, app: 'worker', clock: new FixedClock(NOW) });
    await ensureTenant(slice);
    await slice.superuser.query(`set session app.actor_id = '${ada.id}'`);
  });
  beforeEach(() => slice.empty('customers', 'outbox'));
  afterAll(() => slice.close());

  const as = <T>(work: () => Promise<T>): Promise<T> => slice.as(ada, work);
  const pins = () => slice.get(LevelPinsService);
  const pinned = async (until = SOON): Promise<string> => {
    const { id } = await as(() => slice.get(CustomersService).create(aCard()));
    await as(() => slice.get(CustomersFacade).setLevel(id, 'bronze'));
    await as(() => pins().pin(id, { level: 'gold', reason: 'Promised', until }));
    return id;
  };
  const comesDue = async (due: string): Promise<void> => {
    await slice.superuser.query(
      `update outbox set run_at = now() where type = 'customers.end-level-pin' and payload->>'due' = $1`,
      [due],
    );
    await slice.settled();
  };
  const standing = async (id: string) =>
    (await slice.superuser.query('select level, level_pin->>$2 as until from customers where id = $1', [id, 'until']))
      .rows[0] as object;
  const told = async (type: string) =>
    (
      await slice.superuser.query('select payload from outbox where type = $1 order by id', [`customers.${type}`])
    ).rows.map(({ payload }) => payload as object);

  it('lets the earned level count, and tells so once', async () => {
    const id = await pinned();
    await as(() => slice.get(CustomersFacade).setLevel(id, 'silver'));
    await comesDue(SOON);
    expect(await standing(id)).toEqual({ level: 'silver', until: null });
    await Promise.all([1, 2, 3].map(() => as(() => pins().endWhenDue(id, SOON))));
    expect(await told('level-pin-ended')).toEqual([{ customerId: id, by: 'time' }]);
    expect((await told('level-changed')).at(-1)).toEqual({ customerId: id, from: 'gold', to: 'silver' });
    expect(await told('level-changed')).toHaveLength(3);
  });

  it('is told once however many workers come at once', async () => {
    const id = await pinned();
    await Promise.all(Array.from({ length: 8 }, () => as(() => pins().endWhenDue(id, SOON))));
    expect(await told('level-pin-ended')).toHaveLength(1);
  });

  it('comes when another pin has it, and not before', async () => {
    const id = await pinned();
    await as(() => pins().pin(id, { level: 'gold', reason: 'Longer', until: LATER }));
    await comesDue(SOON);
    expect(await standing(id)).toEqual({ level: 'gold', until: LATER });
    await comesDue(LATER);
    expect(await standing(id)).toEqual({ level: 'bronze', until: null });
  });

  it('comes to the survivor of a merge who had no pin', async () => {
    const [loser, survivor] = [await pinned(), (await as(() => slice.get(CustomersService).create(aCard()))).id];
    const api = await bootSlice({
      ...{ contexts: customersContexts, clock: new FixedClock(NOW) },
      beside: { database: slice.database, config: slice.config },
    });
    await api.as(ada, () => api.get(MergingService).merge({ survivorId: survivor, loserId: loser, fields: {} }));
    await api.close();
    await slice.settled();
    expect(await standing(survivor)).toEqual({ level: 'gold', until: SOON });
    await comesDue(SOON);
    expect(await standing(survivor)).toEqual({ level: 'bronze', until: null });
    expect(await standing(loser)).toEqual({ level: 'bronze', until: null });
  });

  it('comes in the trash too, and to nobody who was deleted for good', async () => {
    const id = await pinned();
    await as(() => slice.get(CustomersService).trash(id, null));
    await comesDue(SOON);
    expect(await standing(id)).toEqual({ level: 'bronze', until: null });
    await slice.superuser.query('delete from customers where id = $1', [id]);
    await as(() => pins().endWhenDue(id, SOON));
  });
});
