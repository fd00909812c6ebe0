import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MESSAGE_STATES } from './messages/message.policy.js';

describe('The README', () => {
  it('draws the state machine that the code runs', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const drawn = readme
      .match(/^ {2}\S+ --> \w+/gm)
      ?.map((arrow) => arrow.trim())
      .sort();
    const run = MESSAGE_STATES.toMermaid()
      .split('\n')
      .slice(1)
      .map((arrow) => arrow.trim())
      .sort();
    expect(drawn).toEqual(run);
  });
});
