import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CUSTOMER_STATUS, CUSTOMER_STATUSES } from './customer.policy.js';

describe('The statuses of a customer', () => {
  it('are drawn in the README as they are', () => {
    expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(CUSTOMER_STATUS.toMermaid());
  });

  it('never lead back to lead', () => {
    expect(CUSTOMER_STATUSES.filter((status) => CUSTOMER_STATUS.allows(status, 'lead'))).toEqual([]);
  });

  it('let whoever was blocked come back as inactive and as nothing else', () => {
    expect(CUSTOMER_STATUS.transitions.blocked).toEqual(['inactive']);
  });
});
