import { CONSENT_CHANNELS, type ConsentChannel } from '../consents/consent.entity.js';
import { BirthdayOutOfRange, QuietHoursAllDay, QuietHoursIncomplete } from './person.errors.js';

/** By what somebody may wish to be spoken to: what consent is asked for, so that one word means one channel. */
export const PREFERRED_CHANNELS = CONSENT_CHANNELS;

/** From `start` until before `end`, HH:MM on the clocks of the person's own zone; over midnight where `end` is earlier. */
export type QuietHours = { readonly start: string; readonly end: string };

/** What is known of the person beside a name and how to reach them; null is unknown. */
export type Person = {
  /** YYYY-MM-DD. */
  birthday: string | null;
  /** IANA. */
  timeZone: string | null;
  /** BCP 47, in its canonical form. */
  language: string | null;
  preferredChannel: ConsentChannel | null;
  /** Instead of whatever holds for everybody. */
  quietHours: QuietHours | null;
};

export const PERSON_FIELDS = ['birthday', 'timeZone', 'language', 'preferredChannel', 'quietHours'] as const;

/** A birthday, hours and a language as bodies give them: hours may lack one end. */
export type GivenPerson = Partial<Omit<Person, 'quietHours'>> & { quietHours?: Partial<QuietHours> | null };

export const NOTHING_KNOWN: Person = {
  birthday: null,
  timeZone: null,
  language: null,
  preferredChannel: null,
  quietHours: null,
};

const EARLIEST = '1900-01-01';
/** How far a day begins before that of UTC, where it begins first: UTC+14. */
const FURTHEST_ON = 14 * 3_600_000;

/** Those of the fields that are given, as they are kept. @throws BirthdayOutOfRange, QuietHoursIncomplete, QuietHoursAllDay */
export function personOf(given: GivenPerson, now: Date): Partial<Person> {
  const { birthday, timeZone, language, preferredChannel, quietHours } = given;
  return {
    ...(birthday !== undefined && { birthday: birthday && pastDay(birthday, now) }),
    ...(timeZone !== undefined && { timeZone }),
    ...(language !== undefined && { language: language && (canonicalLanguage(language) ?? null) }),
    ...(preferredChannel !== undefined && { preferredChannel }),
    ...(quietHours !== undefined && { quietHours: quietHours && wholeHours(quietHours) }),
  };
}

/** The tag as everybody writes it (`DE-at` is `de-AT`); undefined when it is none. */
export function canonicalLanguage(tag: string): string | undefined {
  try {
    return tag.length <= LONGEST_LANGUAGE ? Intl.getCanonicalLocales(tag)[0] : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 5646, 4.4.1: as many characters as a tag without extensions needs. */
const LONGEST_LANGUAGE = 35;

function pastDay(birthday: string, now: Date): string {
  const latest = new Date(now.getTime() + FURTHEST_ON).toISOString().slice(0, EARLIEST.length);
  if (birthday < EARLIEST || birthday > latest) throw new BirthdayOutOfRange();
  return birthday;
}

function wholeHours({ start, end }: Partial<QuietHours>): QuietHours {
  if (!start) throw new QuietHoursIncomplete('start');
  if (!end) throw new QuietHoursIncomplete('end');
  if (start === end) throw new QuietHoursAllDay();
  return { start, end };
}
