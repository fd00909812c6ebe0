import { signIn } from '@app/auth/testing';
import { FixedClock } from '@app/kernel';
import type { TimelineEntry, TimelinePoint } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MovesService } from '../board/moves.service.js';
import { PipelinesQueries } from '../pipelines/pipelines.queries.js';
import { aKnownCustomer, dealsContexts } from '../testing.js';
import { DealStatusService } from './deal-status.service.js';
import { DealsOwnership } from './deals.ownership.js';
import { DealsService } from './deals.service.js';
import { DealsTimeline } from './deals.timeline.js';

const GRANTS = ['deals:read_all', 'deals:update_all', 'deals:reopen_all', 'deals:delete_all', 'customers:read_all'];

describe('What deals tell others', () => {
  let slice: Slice;
  const clock = new FixedClock(new Date('2031-03-03T09:00:00Z'));

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts, clock });
  });
  afterAll(() => slice.close());

  const later = (): void => clock.advance(60_000);

  it('is a customer’s timeline, the newest first, page by page, of what the reader may see', async () => {
    const ada = await signIn(slice, { grants: GRANTS });
    const { deals, customerId } = await slice.as(ada.actor, async () => {
      const customerId = await aKnownCustomer(slice);
      const [service, statuses] = [slice.get(DealsService), slice.get(DealStatusService)];
      const { id, pipelineId } = await service.begin({ name: 'Lamps', amount: 500, customerId });
      later();
      const { rows } = await slice.superuser.query<{ id: string }>(
        'select id from pipeline_stages where pipeline_id = $1 order by position offset 1 limit 1',
        [pipelineId],
      );
      await slice.get(MovesService).moveTo(id, rows[0]!.id);
      later();
      await statuses.lose(id, 'No budget');
      later();
      await statuses.reopen(id, 'Found some');
      later();
      await statuses.win(id);
      const trashed = await service.begin({ name: 'Rubbish', customerId });
      await service.trash(trashed.id);
      await service.begin({ name: 'Of nobody' });
      return { deals: [id], customerId };
    });
    const told = (limit: number, before?: TimelinePoint, actor = ada.actor): Promise<TimelineEntry[]> =>
      slice.as(actor, () => slice.get(DealsTimeline).entries(customerId, actor, limit, before));
    const all = await told(50);
    expect(all.map(({ title }) => title)).toEqual([
      ...['Deal won: Lamps', 'Deal reopened: Lamps', 'Deal lost: Lamps', 'Deal moved: Lamps', 'Deal begun: Lamps'],
    ]);
    expect(all[2]).toMatchObject({
      ...{ kind: 'deals.lost', ref: { resource: 'deals', id: deals[0] }, actorId: ada.userId },
      details: { stage: 'Proposal', amount: 500, currency: 'EUR', reason: 'No budget' },
    });
    const [first, second] = await told(2);
    const rest = await told(50, second);
    expect([first, second, ...rest]).toEqual(all);
    const stranger = await signIn(slice, { grants: ['deals:read_own', 'customers:read_all'] });
    expect(await told(50, undefined, stranger.actor)).toEqual([]);
  });

  it('passes on the open deals of somebody who leaves, and leaves what is over as it was', async () => {
    const [mira, noah] = [await signIn(slice, { grants: GRANTS }), await signIn(slice, {})];
    const ownership = slice.get(DealsOwnership);
    const [open, won] = await slice.as(mira.actor, async () => {
      const some = [
        await slice.get(DealsService).begin({ name: 'Open' }),
        await slice.get(DealsService).begin({ name: 'Won' }),
        await slice.get(DealsService).begin({ name: 'Trashed' }),
      ] as const;
      await slice.get(DealStatusService).win(some[1].id);
      await slice.get(DealsService).trash(some[2].id);
      return some;
    });
    await slice.as(mira.actor, async () => {
      expect(await ownership.count(mira.userId)).toBe(1);
      const passage = { from: mira.userId, to: noah.userId };
      expect(await slice.db.transaction(() => ownership.pass(passage))).toBe(1);
      expect(await ownership.count(mira.userId)).toBe(0);
    });
    const { rows } = await slice.superuser.query<{ id: string; owner_id: string }>(
      'select id, owner_id from deals where id = any ($1)',
      [[open.id, won.id]],
    );
    expect(new Map(rows.map((row) => [row.id, row.owner_id]))).toEqual(
      new Map([
        [open.id, noah.userId],
        [won.id, mira.userId],
      ]),
    );
    const { rows: told } = await slice.superuser.query(
      `select payload from outbox where type = 'deals.assigned' and payload->>'dealId' = $1`,
      [open.id],
    );
    expect(told).toMatchObject([{ payload: { dealId: open.id, ownerId: noah.userId, previous: mira.userId } }]);
  });

  it('is in the trail with who did it, as it was and as it is', async () => {
    const ada = await signIn(slice, { grants: GRANTS });
    const id = await slice.as(ada.actor, async () => {
      const deal = await slice.get(DealsService).begin({ name: 'Audited', amount: 1 });
      await slice.get(DealStatusService).lose(deal.id, 'No budget');
      return deal.id;
    });
    const { rows } = await slice.superuser.query<{ action: string; actor_id: string }>(
      `select action, actor_id from audit_log where entity = 'deals' and entity_id = $1 order by at, id`,
      [id],
    );
    expect(rows.map(({ actor_id }) => actor_id)).toEqual([ada.userId, ada.userId]);
    expect(await slice.as(ada.actor, () => slice.get(PipelinesQueries).named())).toMatchObject({ currency: 'EUR' });
  });
});
