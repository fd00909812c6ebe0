import { ensureTenant } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { type TimelineEntry, type TimelinePoint } from '@app/platform';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConversationService } from '../conversation/conversation.service.js';
import { InquiriesFacade } from '../inquiries.facade.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';
import { InquiriesService } from './inquiries.service.js';
import { MergingService } from '../merging/merging.service.js';
import { InquiriesTimeline } from './inquiries.timeline.js';
import { InquiryStatusService } from './inquiry-status.service.js';

const ada = anActor(['inquiries:read_all', 'inquiries:update_all', 'customers:read_all']);

describe('What inquiries tell of a customer', () => {
  let slice: Slice;
  let customerId: string;
  const clock = new FixedClock(new Date('2031-03-03T09:00:00Z'));

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, clock });
    await ensureTenant(slice);
    await slice.as(ada, async () => {
      customerId = await aKnownCustomer(slice);
      const { id } = await slice.get(InquiriesService).record({ customerId, subject: 'Lamp', message: 'Broken' });
      const conversation = slice.get(ConversationService);
      const later = (): Date => {
        clock.advance(60_000);
        return clock.now();
      };
      later();
      await conversation.note(id, 'Known fault');
      const mail = { messageId: '<a@nexus.example>', subject: 'Re: Lamp', body: 'We send another', authorId: ada.id };
      await slice.get(InquiriesFacade).answered(id, { ...mail, responseId: newId(), at: later() });
      await conversation.receive(id, { body: 'Thank you', at: later() });
      later();
      await slice.get(InquiryStatusService).resolve(id);
      later();
      await slice.get(InquiryStatusService).close(id);
      const other = await slice
        .get(InquiriesService)
        .record({ customerId: await aKnownCustomer(slice), subject: 'Other', message: 'x' });
      const twin = await slice.get(InquiriesService).record({ customerId, subject: 'Twin', message: 'The same' });
      later();
      await slice.get(MergingService).merge(twin.id, other.id);
    });
  });
  afterAll(() => slice.close());

  const entries = (limit: number, before?: TimelinePoint, actor = ada): Promise<TimelineEntry[]> =>
    slice.as(actor, () => slice.get(InquiriesTimeline).entries(customerId, actor, limit, before));

  it('is the newest first, page by page without gap or repetition', async () => {
    const all = await entries(50);
    expect(all.map(({ kind }) => kind)).toEqual([
      'inquiries.merged',
      'inquiries.closed',
      'inquiries.resolved',
      'inquiries.message-received',
      'inquiries.answered',
      'inquiries.noted',
      'inquiries.created',
      'inquiries.created',
    ]);
    expect(all[0]).toMatchObject({ title: 'Merged away INQ-000003: Twin', details: { into: expect.any(String) } });
    expect(all[4]).toMatchObject({
      title: 'Was answered in INQ-000001: Lamp',
      actorId: ada.id,
      ref: { resource: 'inquiries' },
    });
    const walked: TimelineEntry[] = [];
    for (let page = await entries(2); page.length; page = await entries(2, page.at(-1))) walked.push(...page);
    expect(walked).toEqual(all);
    expect(slice.get(InquiriesTimeline).kinds.toSorted()).toEqual([...new Set(all.map(({ kind }) => kind))].sort());
  });

  it('is nothing to whoever may not read them', async () => {
    expect(await entries(50, undefined, anActor(['inquiries:read_own']))).toEqual([]);
    expect(await entries(50, undefined, anActor([]))).toEqual([]);
  });
});
