import { Invalid } from '@app/kernel';
import { ContactPointExists, ContactPointNotFound, TooManyContactPoints } from '../customer.errors.js';
import { normaliseEmail } from './email-address.js';
import { normalisePhone } from './phone-number.js';

export const CONTACT_KINDS = ['email', 'phone'] as const;
export type ContactKind = (typeof CONTACT_KINDS)[number];

/** One way to reach a customer. `normalized` is what is compared and dialled; `value` is how it was written. */
export type ContactPoint = {
  readonly id: string;
  readonly kind: ContactKind;
  readonly value: string;
  readonly normalized: string;
  /** Of a phone number, where the number tells. */
  readonly country: string | null;
  readonly label: string | null;
  /** Exactly one of each kind that the customer has. */
  readonly isPrimary: boolean;
  readonly isVerified: boolean;
  readonly optedOut: boolean;
};

/** An address as somebody wrote it; `country` tells how to read a national phone number. */
export type Address = { readonly kind: ContactKind; readonly value: string; readonly country?: string | null };
export type ContactPointDraft = Address &
  Partial<Pick<ContactPoint, 'label' | 'isPrimary' | 'isVerified' | 'optedOut'>>;
export type ContactPointEdit = Partial<Omit<ContactPointDraft, 'kind'>>;

type Points = readonly ContactPoint[];
export const MOST_CONTACT_POINTS = 20;

class InvalidAddress extends Invalid {
  constructor(kind: ContactKind) {
    const code = `invalid_${kind}`;
    const message = kind === 'email' ? 'is no e-mail address' : 'is no phone number';
    super(code, `This ${message}`, { errors: [{ pointer: '/value', code, message }] });
  }
}

/** @throws Invalid for what is no address of its kind */
function read({ kind, value, country }: Address): Pick<ContactPoint, 'kind' | 'value' | 'normalized' | 'country'> {
  const written = value.trim();
  if (kind === 'email') {
    const normalized = normaliseEmail(written);
    if (!normalized) throw new InvalidAddress(kind);
    return { kind, value: written, normalized, country: null };
  }
  const phone = normalisePhone(written, country);
  if (!phone) throw new InvalidAddress(kind);
  return { kind, value: written, normalized: phone.number, country: phone.country };
}

/** The first of its kind is the primary one, whether or not it was asked to be. */
export function addPoint(points: Points, draft: ContactPointDraft, id: string): Points {
  if (points.length >= MOST_CONTACT_POINTS) throw new TooManyContactPoints(MOST_CONTACT_POINTS);
  const { label = null, isVerified = false, optedOut = false } = draft;
  const isPrimary = draft.isPrimary || !primaryOf(points, draft.kind);
  const point: ContactPoint = { id, ...read(draft), label, isPrimary: false, isVerified, optedOut };
  if (sameAddress(points, point)) throw new ContactPointExists(point.normalized);
  return isPrimary ? promote([...points, point], point) : [...points, point];
}

/** The first points of a card: what stands on top of it is the primary one of its kind. */
export function pointsOf(
  card: { email?: string | null; phone?: string | null; country?: string | null; contactPoints?: ContactPointDraft[] },
  newId: () => string,
): Points {
  const { email, phone, country, contactPoints = [] } = card;
  const primary: ContactPointDraft[] = [
    ...(email ? [{ kind: 'email', value: email } as const] : []),
    ...(phone ? [{ kind: 'phone', value: phone, country } as const] : []),
  ];
  return [...primary, ...contactPoints].reduce<Points>((points, draft) => addPoint(points, draft, newId()), []);
}

/** Another address is neither verified nor opted out: both were said of the one before. */
export function editPoint(
  points: Points,
  id: string,
  { value, country, isPrimary, ...flags }: ContactPointEdit,
): Points {
  const point = pointOf(points, id);
  const address = value === undefined ? point : read({ kind: point.kind, value, country: country ?? point.country });
  const isMoved = address.normalized !== point.normalized;
  const edited = {
    ...point,
    ...(isMoved && { isVerified: false, optedOut: false }),
    ...pickAddress(address),
    ...given(flags),
  };
  const others = points.filter((other) => other.id !== id);
  if (sameAddress(others, edited)) throw new ContactPointExists(edited.normalized);
  const all = points.map((other) => (other.id === id ? edited : other));
  return isPrimary ? promote(all, edited) : all;
}

/** When the primary one goes, the oldest of its kind takes its place. */
export function removePoint(points: Points, id: string): Points {
  const point = pointOf(points, id);
  const left = points.filter((other) => other.id !== id);
  const heir = point.isPrimary ? left.find(({ kind }) => kind === point.kind) : undefined;
  return heir ? promote(left, heir) : left;
}

/**
 * Makes this address the primary one of its kind: one that the customer has already is promoted, else it takes the place
 * of the primary one. `value: null` removes the primary one.
 */
export function setPrimary(
  points: Points,
  address: Omit<Address, 'value'> & { value: string | null },
  newId: () => string,
): Points {
  const { kind, value, country } = address;
  const primary = primaryOf(points, kind);
  if (value === null) return primary ? removePoint(points, primary.id) : points;
  const wanted = read({ kind, value, country });
  const known = sameAddress(points, wanted);
  if (known) return known.isPrimary ? points : promote(points, known);
  return primary
    ? editPoint(points, primary.id, { value, country })
    : addPoint(points, { kind, value, country }, newId());
}

export const primaryOf = (points: Points, kind: ContactKind): ContactPoint | undefined =>
  points.find((point) => point.kind === kind && point.isPrimary);

function pointOf(points: Points, id: string): ContactPoint {
  const point = points.find((one) => one.id === id);
  if (!point) throw new ContactPointNotFound(id);
  return point;
}

const sameAddress = (
  points: Points,
  { kind, normalized }: Pick<ContactPoint, 'kind' | 'normalized'>,
): ContactPoint | undefined => points.find((point) => point.kind === kind && point.normalized === normalized);

const promote = (points: Points, { id, kind }: Pick<ContactPoint, 'id' | 'kind'>): Points =>
  points.map((point) => (point.kind === kind ? { ...point, isPrimary: point.id === id } : point));

const pickAddress = ({ value, normalized, country }: Pick<ContactPoint, 'value' | 'normalized' | 'country'>) => ({
  value,
  normalized,
  country,
});

const given = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
