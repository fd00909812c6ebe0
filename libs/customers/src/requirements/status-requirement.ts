import type { FieldFault } from '@app/kernel';
import type { ConsentChannel } from '../consents/consent.entity.js';
import type { ContactKind } from '../contact-points/contact-point.js';
import { OWN } from '../customer-document.js';
import type { Customer } from '../customer.entity.js';
import { CUSTOMER_STATUSES, type CustomerStatus } from '../customer.policy.js';
import { PERSON_FIELDS } from '../person/person.js';

/** Everybody may begin as a lead: whoever writes is one, and no mail is lost because of a rule. */
export type DemandingStatus = Exclude<CustomerStatus, 'lead'>;
export const DEMANDING_STATUSES = CUSTOMER_STATUSES.filter((status): status is DemandingStatus => status !== 'lead');

const VERIFIED: Readonly<Record<string, ContactKind>> = { verifiedEmail: 'email', verifiedPhone: 'phone' };
const PLAIN_FIELDS = ['lastName', 'company', 'email', 'phone', ...PERSON_FIELDS, 'teamId', 'assignedTo'] as const;
export const DEMANDED_FIELDS = [...PLAIN_FIELDS, 'verifiedEmail', 'verifiedPhone'] as const;

export type ConsentDemand = {
  readonly purpose: string;
  /** By any channel where null. */
  readonly channel: ConsentChannel | null;
};
export type FileDemand = {
  /** What its name holds, whatever the case. */
  readonly name: string;
  /** A media type such as `application/pdf`; any where null. */
  readonly type: string | null;
};

/** What a customer must have to come into a status. */
export type StatusRequirement = {
  readonly status: DemandingStatus;
  /** Of `DEMANDED_FIELDS`, or `cf.<key>`. */
  readonly fields: readonly string[];
  readonly consents: readonly ConsentDemand[];
  readonly files: readonly FileDemand[];
};

/** What a customer has beside the record: consents that hold, files that may be opened. */
export type Evidence = {
  readonly consents: readonly { readonly channel: string; readonly purpose: string }[];
  readonly files: readonly { readonly name: string; readonly mimeType: string }[];
};

/** `ownKeys`: the tenant's fields in use; what was archived is demanded of nobody. */
export function missingFor(
  customer: Customer,
  { fields, consents, files }: StatusRequirement,
  evidence: Evidence,
  ownKeys: ReadonlySet<string>,
): FieldFault[] {
  return [
    ...fields.flatMap((name) => missingField(customer, name, ownKeys) ?? []),
    ...consents
      .filter(
        ({ purpose, channel }) =>
          !evidence.consents.some((one) => one.purpose === purpose && (!channel || one.channel === channel)),
      )
      .map(({ purpose, channel }) =>
        missing(`/consents/${purpose}`, `consent to ${purpose}${channel ? ` by ${channel}` : ''}`),
      ),
    ...files
      .filter(({ name, type }) => !evidence.files.some((file) => isNamed(file.name, name) && isOf(file.mimeType, type)))
      .map(({ name, type }) => missing(`/files/${token(name)}`, `a file named ${name}${type ? ` (${type})` : ''}`)),
  ];
}

function missingField(customer: Customer, name: string, ownKeys: ReadonlySet<string>): FieldFault | undefined {
  const key = name.startsWith(OWN) ? name.slice(OWN.length) : undefined;
  if (key !== undefined) {
    const isThere = !ownKeys.has(key) || isGiven(customer.customFields[key]);
    return isThere ? undefined : missing(`/customFields/${token(key)}`, name);
  }
  const kind = VERIFIED[name];
  if (kind) {
    const isThere = customer.contactPoints.some((point) => point.kind === kind && point.isVerified);
    return isThere
      ? undefined
      : missing('/contactPoints', `a verified ${kind === 'email' ? 'e-mail address' : 'number'}`);
  }
  return isGiven(customer[name as (typeof PLAIN_FIELDS)[number]]) ? undefined : missing(`/${name}`, name);
}

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
const isNamed = (name: string, word: string): boolean => name.toLowerCase().includes(word.toLowerCase());
const isOf = (mimeType: string, type: string | null): boolean => !type || mimeType === type;
const token = (text: string): string => text.replaceAll('~', '~0').replaceAll('/', '~1');
const missing = (pointer: string, what: string): FieldFault => ({
  pointer,
  code: 'required',
  message: `is required: ${what}`,
});
