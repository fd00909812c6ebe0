import { domainToASCII } from 'node:url';
import { ValidateBy } from 'class-validator';

const LONGEST_WRITTEN = 300;
const LONGEST = 253; // octets: RFC 1035, 2.3.4, without the root
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const TOP = /^[a-z][a-z0-9-]*$/;

/**
 * The form in which two spellings of one company's domain are equal: lower case, ASCII (RFC 5891), without `www.`. Takes
 * what people copy from a browser (`https://www.okafor.example/about`). Undefined for what is no domain of the public DNS.
 */
export function normaliseDomain(written: string): string | undefined {
  const host = written
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/?#].*$/, '')
    .replace(/\.$/, '');
  const ascii = /^[\x21-\x7e]*$/.test(host) ? host : domainToASCII(host);
  const labels = ascii.replace(/^www\./, '').split('.');
  const isDomain = labels.length > 1 && labels.every((label) => LABEL.test(label)) && TOP.test(labels.at(-1) ?? '');
  const domain = labels.join('.');
  return isDomain && domain.length <= LONGEST ? domain : undefined;
}

const isDomain = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= LONGEST_WRITTEN && normaliseDomain(value) !== undefined;

export const IsCompanyDomain = (): PropertyDecorator =>
  ValidateBy({
    name: 'isCompanyDomain',
    validator: { validate: isDomain, defaultMessage: () => 'must be a domain such as okafor.example' },
  });
