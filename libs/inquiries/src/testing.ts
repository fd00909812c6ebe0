import { calendarsContext } from '@app/calendars';
import { CustomersFacade } from '@app/customers';
import { customersContexts } from '@app/customers/testing';
import { newId } from '@app/kernel';
import { mailContext } from '@app/mail';
import type { Slice } from '@app/platform/testing';
import { inquiriesContext } from './index.js';
import { Inquiry, type NewInquiry } from './inquiries/inquiry.entity.js';
import { MergingService } from './merging/merging.service.js';

/** inquiries and what it uses: `bootSlice({ contexts: [...inquiriesContexts, responsesContext] })`. */
export const inquiriesContexts = [...customersContexts, calendarsContext, mailContext, inquiriesContext];

export const A_MOMENT = new Date('2026-11-02T09:00:00Z');

export const aQuestion = (over: Partial<NewInquiry> = {}): NewInquiry => ({
  number: 42,
  customerId: newId(),
  subject: 'Where is my order?',
  message: 'It was promised for Friday.',
  channel: 'email',
  createdBy: newId(),
  ...over,
});

/** A new inquiry as it has just come in, its first events told. */
export function anInquiry(over: Partial<NewInquiry> = {}, now = A_MOMENT): Inquiry {
  const inquiry = Inquiry.open(aQuestion(over), now);
  inquiry.releaseEvents();
  return inquiry;
}

/** A customer of the current actor's tenant; to be called as somebody. */
export async function aKnownCustomer(slice: Slice, email = `mira-${newId()}@okafor.example`): Promise<string> {
  const { customerId } = await slice.get(CustomersFacade).identify({ email, name: 'Mira Okafor', source: 'test' });
  return customerId;
}

/** To be called as somebody who may. */
export const mergeInquiries = (slice: Slice, id: string, into: string): Promise<Inquiry> =>
  slice.get(MergingService).merge(id, into);

export const unmergeInquiry = (slice: Slice, id: string): Promise<Inquiry> => slice.get(MergingService).unmerge(id);
