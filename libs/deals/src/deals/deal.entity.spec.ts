import { newId } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { A_MOMENT, aDeal, aStage } from '../testing.js';

const HOUR = 3_600_000;
const later = new Date(A_MOMENT.getTime() + HOUR);

describe('Deal', () => {
  it('begins open, as probable as its stage, and rots when the stage says', () => {
    const deal = aDeal({}, aStage({ probability: 40, rotDays: 2 }));
    expect(deal).toMatchObject({ status: 'open', probability: 40, amount: null, closedAt: null });
    expect(deal.rotsAt).toEqual(new Date(A_MOMENT.getTime() + 48 * HOUR));
  });

  it('comes into no stage without what that demands, and is told all that is missing', () => {
    const demanding = aStage({ requires: ['amount', 'expectedCloseDate', 'ownerId'] });
    const deal = aDeal();
    expect(() => deal.moveTo(demanding, 'i0000001', later)).toThrow(
      expect.objectContaining({
        code: 'stage_demands',
        details: expect.objectContaining({
          errors: [
            expect.objectContaining({ pointer: '/amount' }),
            expect.objectContaining({ pointer: '/expectedCloseDate' }),
          ],
        }) as unknown,
      }) as Error,
    );
    expect(() => aDeal({}, demanding)).toThrow(expect.objectContaining({ code: 'stage_demands' }) as Error);
  });

  it('counts an amount of nothing as an amount', () => {
    const deal = aDeal({ amount: 0 });
    deal.moveTo(aStage({ requires: ['amount'] }), 'i0000001', later);
    expect(deal.status).toBe('open');
  });

  it('loses nothing that its stage demands', () => {
    const stage = aStage({ requires: ['amount'] });
    const deal = aDeal({ amount: 5_00 }, stage);
    expect(() => deal.edit({ amount: null }, stage)).toThrow(
      expect.objectContaining({ code: 'stage_demands' }) as Error,
    );
  });

  it('tells of another stage, within its column of another place, and a pipeline that it is gone', () => {
    const [from, to] = [aStage(), aStage({ probability: 75 })];
    const deal = aDeal({}, from);
    deal.moveTo(from, 'i0000005', later);
    expect(deal.releaseEvents().map(({ type }) => type)).toEqual(['deals.placed']);
    expect(deal).toMatchObject({ rank: 'i0000005', stageEnteredAt: A_MOMENT });
    deal.moveTo(to, 'i0000006', later);
    expect(deal).toMatchObject({ pipelineId: to.pipelineId, probability: 75, stageEnteredAt: later });
    expect(deal.releaseEvents()).toMatchObject([
      { type: 'deals.stage-changed', payload: { pipelineId: to.pipelineId, from: from.id, to: to.id } },
      { type: 'deals.left-pipeline', payload: { pipelineId: from.pipelineId } },
    ]);
  });

  it('is won or lost once, and only while it is open', () => {
    const won = aDeal();
    won.win(later);
    expect(won).toMatchObject({ status: 'won', probability: 100, closedAt: later, rotsAt: null });
    for (const end of [() => won.win(later), () => won.lose('Too late', later)])
      expect(end).toThrow(expect.objectContaining({ code: 'invalid_transition' }) as Error);
    const lost = aDeal();
    lost.lose('Chose another', later);
    expect(lost).toMatchObject({ status: 'lost', probability: 0, lostReason: 'Chose another' });
    expect(() => lost.win(later)).toThrow(expect.objectContaining({ code: 'invalid_transition' }) as Error);
  });

  it('is not changed once it is over', () => {
    const stage = aStage();
    const deal = aDeal({}, stage);
    deal.win(later);
    expect(() => deal.edit({ amount: 1 }, stage)).toThrow(expect.objectContaining({ code: 'deal_not_open' }) as Error);
    expect(() => deal.moveTo(aStage(), 'i0000001', later)).toThrow(
      expect.objectContaining({ code: 'deal_not_open' }) as Error,
    );
  });

  it('goes on in its stage when it is reopened, as probable as that is', () => {
    const stage = aStage({ probability: 30, rotDays: 1 });
    const deal = aDeal({}, stage);
    deal.lose('No budget', later);
    deal.reopen('Found one', stage, later);
    expect(deal).toMatchObject({ status: 'open', probability: 30, closedAt: null, lostReason: null });
    expect(deal.rotsAt).toEqual(new Date(later.getTime() + 24 * HOUR));
    expect(() => deal.reopen('Again', stage, later)).toThrow(
      expect.objectContaining({ code: 'invalid_transition' }) as Error,
    );
  });

  it('names what changed, and tells of no change that is none', () => {
    const stage = aStage();
    const deal = aDeal({ amount: 100 }, stage);
    deal.edit({ amount: 100, name: deal.name }, stage);
    expect(deal.releaseEvents()).toEqual([]);
    deal.edit({ amount: 200, name: deal.name, currency: 'USD' }, stage);
    expect(deal.releaseEvents()).toMatchObject([{ payload: { changed: ['amount', 'currency'] } }]);
  });

  it('tells who had it before', () => {
    const [mine, yours] = [newId(), newId()];
    const deal = aDeal({ ownerId: mine });
    deal.assignTo(mine);
    deal.assignTo(yours);
    expect(deal.releaseEvents()).toMatchObject([{ payload: { ownerId: yours, previous: mine } }]);
  });
});
