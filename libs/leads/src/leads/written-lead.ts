import { contactOf } from './contact-data.js';
import type { LeadDocument, LeadEdit, Utm } from './lead.entity.js';

/** What somebody wrote of a lead, as it came in. */
export type WrittenLead = Partial<Omit<LeadDocument, 'utm' | 'nextAction' | 'nextActionAt'>> & {
  /** How to read a national phone number. */
  readonly country?: string | null;
  readonly utm?: { readonly [key in keyof Utm]?: string | null };
  readonly nextAction?: { readonly what: string; readonly dueAt?: Date | null } | null;
};

type Before = Pick<LeadDocument, 'utm' | 'nextActionAt'>;
const NOTHING: Before = { utm: {}, nextActionAt: null };

/** As a merge patch onto what there is (RFC 7396), also inside of `utm` and the next action. Custom fields are judged elsewhere. */
export function readLead(
  { email, phone, country, utm, nextAction, customFields: _, ...plain }: WrittenLead,
  before: Before = NOTHING,
): Omit<LeadEdit, 'customFields'> {
  return {
    ...plain,
    ...contactOf({ email, phone, country }),
    ...(utm && { utm: said({ ...before.utm, ...utm }) }),
    ...(nextAction !== undefined && {
      nextAction: nextAction?.what ?? null,
      nextActionAt: nextAction?.dueAt === undefined && nextAction ? before.nextActionAt : (nextAction?.dueAt ?? null),
    }),
  };
}

const said = (utm: NonNullable<WrittenLead['utm']>): Utm =>
  Object.fromEntries(Object.entries(utm).filter(([, value]) => typeof value === 'string'));
