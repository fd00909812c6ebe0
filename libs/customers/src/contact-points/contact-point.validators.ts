import { ValidateBy, type ValidationArguments } from 'class-validator';
import type { ContactKind } from './contact-point.js';
import { isPublicAddress, normaliseEmail } from './email-address.js';
import { isDialingCountry, normalisePhone } from './phone-number.js';

type Sibling = { kind?: ContactKind; country?: string | null };

const LONGEST = 320;
const NO_EMAIL = 'must be an e-mail address such as mira@okafor.example';
const NO_PHONE = 'must be a phone number: international (+49 30 123456), or national together with country';

const siblings = (args?: ValidationArguments): Sibling => args?.object ?? {};
const isShort = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST;
const isEmail = (value: unknown): boolean => isShort(value) && isPublicAddress(normaliseEmail(value) ?? '');
const isPhone = (value: unknown, { country }: Sibling): boolean =>
  isShort(value) && normalisePhone(value, country) !== undefined;

export const IsEmailAddress = (): PropertyDecorator =>
  ValidateBy({ name: 'isEmailAddress', validator: { validate: isEmail, defaultMessage: () => NO_EMAIL } });

/** Read with the `country` that stands beside it. */
export const IsPhone = (): PropertyDecorator =>
  ValidateBy({
    name: 'isPhone',
    validator: { validate: (value, args) => isPhone(value, siblings(args)), defaultMessage: () => NO_PHONE },
  });

/** An address of the `kind` that stands beside it. */
export const IsAddress = (): PropertyDecorator =>
  ValidateBy({
    name: 'isAddress',
    validator: {
      validate: (value, args) => (siblings(args).kind === 'phone' ? isPhone(value, siblings(args)) : isEmail(value)),
      defaultMessage: (args) => (siblings(args).kind === 'phone' ? NO_PHONE : NO_EMAIL),
    },
  });

export const IsDialingCountry = (): PropertyDecorator =>
  ValidateBy({
    name: 'isDialingCountry',
    validator: {
      validate: isDialingCountry,
      defaultMessage: () => 'must be a country code (ISO 3166-1 alpha-2) such as DE',
    },
  });
