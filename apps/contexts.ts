import { approvalsContext } from '@app/approvals';
import { auditContext } from '@app/audit';
import { authContext } from '@app/auth';
import { calendarsContext } from '@app/calendars';
import { catalogContext } from '@app/catalog';
import { customersContext } from '@app/customers';
import { dealsContext } from '@app/deals';
import { inquiriesContext } from '@app/inquiries';
import { leadsContext } from '@app/leads';
import { mailContext } from '@app/mail';
import { messagingContext } from '@app/messaging';
import { type ContextDefinition, type LoadedContexts, resolveContexts } from '@app/platform';
import { recordsContext } from '@app/records';
import { responsesContext } from '@app/responses';
import { segmentsContext } from '@app/segments';
import { searchContext } from '@app/search';
import { transfersContext } from '@app/transfers';
import { workContext } from '@app/work';

/** Every context of this build, in no particular order: what a deployment loads is resolved from `CONTEXTS` and `uses`. */
export const contexts: readonly ContextDefinition[] = [
  approvalsContext,
  auditContext,
  authContext,
  calendarsContext,
  catalogContext,
  customersContext,
  dealsContext,
  inquiriesContext,
  leadsContext,
  mailContext,
  messagingContext,
  recordsContext,
  responsesContext,
  segmentsContext,
  searchContext,
  transfersContext,
  workContext,
];

/**
 * The contexts that `CONTEXTS` names, and auth with any of them: nobody is let in where nobody knows the users.
 * @throws ContextsUnresolved
 */
export const contextsOf = (wanted: readonly string[]): LoadedContexts =>
  resolveContexts(contexts, wanted.length ? [authContext.name, ...wanted] : []);
