import { normaliseEmail } from '../parsing/index.js';

const UNDER = '*.';

/**
 * How a pattern is kept: an address, a domain, or `*.` and a domain for all that are under it; as addresses are spelled.
 * Null for anything else.
 */
export function normalisePattern(written: string): string | null {
  const pattern = written.trim();
  if (pattern.includes('@')) return normaliseEmail(pattern);
  if (!pattern.startsWith(UNDER)) return domainOf(pattern);
  const domain = domainOf(pattern.slice(UNDER.length));
  return domain && UNDER + domain;
}

/** All patterns that an address fits: a handful of exact texts, which an index finds. */
export function patternsOf(address: string): string[] {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const labels = domain.split('.');
  const above = labels.slice(1).map((_, n) => UNDER + labels.slice(n + 1).join('.'));
  return [address, domain, ...above];
}

/** By the same rule as the domain of an address. */
function domainOf(written: string): string | null {
  const address = normaliseEmail(`x@${written}`);
  const domain = address && address.slice(2);
  return domain && domain.includes('.') ? domain : null;
}
