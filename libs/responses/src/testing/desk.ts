import { approvalsContext } from '@app/approvals';
import { authContext } from '@app/auth';
import { customersContext } from '@app/customers';
import { inquiriesContext } from '@app/inquiries';
import { messagingContext } from '@app/messaging';
import { responsesContext } from '../index.js';
import { newId } from '@app/kernel';
import type { Slice } from '@app/platform/testing';
import { TENANT } from '@app/platform/testing';
export const DEFAULT_SUBJECT = 'Where is my order?';
export async function anInquiry(
  slice: Slice,
  over: { assignedTo?: string; teamId?: string; tenantId?: string; email?: string | null; subject?: string } = {},
): Promise<string> {
  const id = newId();
  await slice.superuser.query(
    'insert into inquiries (tenant_id,id,customer_id,number,subject,team_id,assigned_to,email) values ($1,$2,$3,$4,$5,$6,$7,$8)',
    [
      over.tenantId ?? TENANT,
      id,
      newId(),
      'INQ-000001',
      over.subject ?? DEFAULT_SUBJECT,
      over.teamId ?? null,
      over.assignedTo ?? null,
      over.email === undefined ? 'asha@example.com' : over.email,
    ],
  );
  return id;
}
export async function theCustomerWrites(slice: Slice, inquiryId: string): Promise<void> {
  await slice.superuser.query('update inquiries set messages = messages + 1 where id = $1', [inquiryId]);
}
export async function answersIn(slice: Slice, inquiryId: string): Promise<{ body: string; message_id: string }[]> {
  return (
    await slice.superuser.query('select body, message_id from inquiry_messages where inquiry_id = $1', [inquiryId])
  ).rows;
}

export const deskContexts = [
  authContext,
  messagingContext,
  approvalsContext,
  customersContext,
  inquiriesContext,
  responsesContext,
];
export async function aCustomerOf(slice: Slice, inquiryId: string): Promise<string> {
  return (await slice.superuser.query('select customer_id from inquiries where id = $1', [inquiryId])).rows[0]
    .customer_id;
}
