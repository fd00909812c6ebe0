/** Written by openapi-diff.mjs: what creates and takes an Idempotency-Key. */
export const CREATING: ReadonlySet<string> = new Set([
  '/api/v1/approvals/delegations',
  '/api/v1/business-calendars',
  '/api/v1/customers',
  '/api/v1/customers/{id}/consents',
  '/api/v1/customers/{id}/contact-points',
  '/api/v1/inquiries',
  '/api/v1/inquiries/{id}/links',
  '/api/v1/inquiries/{id}/messages/{messageId}/split',
  '/api/v1/inquiries/{id}/notes',
  '/api/v1/macros',
  '/api/v1/mailboxes',
  '/api/v1/responses',
  '/api/v1/roles',
  '/api/v1/sla-policies',
  '/api/v1/suppressions',
  '/api/v1/teams',
]);
