import { ApprovalPermissions, approvalsContext } from '@app/approvals';
import { type SignedIn, signIn } from '@app/auth/testing';
import { CustomersFacade } from '@app/customers';
import { InquiryPermissions } from '@app/inquiries';
import { inquiriesContexts } from '@app/inquiries/testing';
import { newId } from '@app/kernel';
import { MailIntake } from '@app/mail';
import { aRawMail } from '@app/mail/testing';
import { anActor, type Slice, TENANT } from '@app/platform/testing';
import { responsesContext } from '../index.js';
import { ResponsePermissions } from '../responses/response.policy.js';

/** Responses and all that they use. */
export const deskContexts = [...inquiriesContexts, approvalsContext, responsesContext];

/** All that has to do with answering, in its widest scope. */
export const everything = [ResponsePermissions, ApprovalPermissions, InquiryPermissions].flatMap((permissions) =>
  Object.values(permissions),
);

type Recorded = { tenantId?: string; assignedTo?: string; teamId?: string; customerId?: string };
const CLERK = [...Object.values(InquiryPermissions), 'customers:read_all'];

/** An inquiry that somebody recorded over HTTP; `assignedTo` and `teamId` are users and teams that exist. */
export async function anInquiry(slice: Slice, given: Recorded = {}): Promise<string> {
  const { tenantId = TENANT, assignedTo, teamId } = given;
  const clerk = await signIn(slice, { grants: CLERK, tenantId });
  const customerId = given.customerId ?? (await aCustomer(slice, clerk));
  const body = { customerId, subject: 'Where is my order?', message: 'It was promised for Friday.', teamId };
  const recorded = await slice.http('POST', '/api/v1/inquiries', { token: clerk.token, body });
  const { id } = recorded.body as { id: string };
  const assignment = { token: clerk.token, body: { assignedTo } };
  if (assignedTo) await slice.http('POST', `/api/v1/inquiries/${id}/assign`, assignment);
  return id;
}

export async function aCustomer(slice: Slice, clerk: SignedIn): Promise<string> {
  const stranger = { email: `${newId()}@customer.example`, name: 'Asha Rao', source: 'test' };
  return (await slice.as(clerk.actor, () => slice.get(CustomersFacade).identify(stranger))).customerId;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type People = { slice: Slice; author: SignedIn; manager: SignedIn };

/** The API as these people use it: what is not said otherwise, the author does. */
export function callsOf(people: () => People) {
  const call = (
    method: Method,
    url: string,
    body?: unknown,
    who = people().author,
    headers: Record<string, string> = {},
  ) => people().slice.http(method, `/api/v1${url}`, { token: who.token, body, headers });
  const post = (id: string, verb: string, body?: unknown, who?: SignedIn) =>
    call('POST', `/responses/${id}/${verb}`, body, who);
  const drafted = async (): Promise<string> => {
    const inquiryId = await anInquiry(people().slice);
    const made = await call('POST', '/responses', { inquiryId, message: 'It left this morning.' });
    return (made.body as { id: string }).id;
  };
  const submitted = async (): Promise<string> => {
    const id = await drafted();
    await post(id, 'submit');
    return id;
  };
  const approved = async (): Promise<string> => {
    const id = await submitted();
    await post(id, 'approve', { revision: 1 }, people().manager);
    return id;
  };
  return { call, post, drafted, submitted, approved };
}

export type Correspondence = { readonly inquiryId: string; readonly from: string; readonly messageId: string };

/** An inquiry that came by mail, from an address of its own; a worker must be running. */
export async function anInquiryByMail(slice: Slice): Promise<Correspondence> {
  const [from, messageId] = [`${newId()}@customer.example`, `<${newId()}@customer.example>`];
  const inquiryId = await arrive(
    slice,
    aRawMail({ from: `Asha Rao <${from}>`, messageId, subject: 'Where is my order?' }),
  );
  return { inquiryId, from, messageId };
}

/** The customer writes again in the same thread; `more`: whole header lines. */
export async function theCustomerWrites(
  slice: Slice,
  { from, messageId }: Correspondence,
  more: readonly string[] = [],
  attachments: NonNullable<Parameters<typeof aRawMail>[0]>['attachments'] = [],
): Promise<void> {
  const headers = [`In-Reply-To: ${messageId}`, `References: ${messageId}`, ...more];
  await arrive(
    slice,
    aRawMail({ from: `Asha Rao <${from}>`, subject: 'Re: Where is my order?', headers, attachments }),
  );
}

export type Written = { direction: string; body: string; messageId: string | null };

/** What stands in the inquiry, in order. */
export async function wordsOf(slice: Slice, inquiryId: string): Promise<Written[]> {
  const words = `select direction, body, message_id as "messageId" from inquiry_messages where inquiry_id = $1 order by seq`;
  return (await slice.superuser.query<Written>(words, [inquiryId])).rows;
}

async function arrive(slice: Slice, raw: Buffer): Promise<string> {
  const { id } = await slice.as(anActor(), () => slice.get(MailIntake).take(raw));
  for (let tries = 0; tries < 200; tries++) {
    const found = await slice.superuser.query<{ inquiryId: string }>(
      'select inquiry_id as "inquiryId" from inquiry_messages where mail_id = $1',
      [id],
    );
    if (found.rows[0]) return found.rows[0].inquiryId;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('The mail did not become part of an inquiry');
}
