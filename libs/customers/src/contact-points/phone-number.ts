import { lazily } from '@app/kernel';
import type * as Phones from 'libphonenumber-js';

const phones = lazily(import.meta.url, (load) => load('libphonenumber-js') as typeof Phones);

export type PhoneNumber = { readonly number: string; readonly country: string | null };

/** Whether numbers can be read as they are written in this country (ISO 3166-1 alpha-2). */
export const isDialingCountry = (country: unknown): country is Phones.CountryCode =>
  typeof country === 'string' && phones().isSupportedCountry(country);

/**
 * A phone number in E.164, with its country where the number tells. Without a country it must be written internationally.
 * Undefined for what cannot be one. Lengths are checked and not ranges: operators open new ranges faster than libraries
 * learn of them.
 */
export function normalisePhone(written: string, country?: string | null): PhoneNumber | undefined {
  const defaultCountry = isDialingCountry(country) ? country : undefined;
  const parsed = phones().parsePhoneNumberFromString(written.trim().normalize('NFKC'), {
    defaultCountry,
    extract: false,
  });
  return parsed?.isPossible() ? { number: parsed.number, country: parsed.country ?? null } : undefined;
}
