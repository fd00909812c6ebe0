import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAIL_STATES } from './messages/mail.policy.js';

describe('The README of mail', () => {
  it('draws the state machine as it is', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(MAIL_STATES.toMermaid());
  });
});
