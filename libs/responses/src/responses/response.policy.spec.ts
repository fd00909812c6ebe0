import { readFileSync } from 'node:fs';
import { newId } from '@app/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash, mayRecall, RESPONSE_STATES, writersOf } from './response.policy.js';

describe('The content hash', () => {
  const inquiryId = newId();

  it('is the same for the same content, however the id is written', () => {
    expect(contentHash({ inquiryId: inquiryId.toUpperCase(), message: 'Hello' })).toBe(
      contentHash({ message: 'Hello', inquiryId }),
    );
  });

  it('differs for any other text, be it by one space', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const same = contentHash({ inquiryId, message: one }) === contentHash({ inquiryId, message: other });
        expect(same).toBe(one === other);
      }),
    );
  });

  it('differs for another inquiry', () => {
    expect(contentHash({ inquiryId, message: 'Hello' })).not.toBe(
      contentHash({ inquiryId: newId(), message: 'Hello' }),
    );
  });
});

describe('The writers of a response', () => {
  it('are its author, its editors and whoever submitted it, each once', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.array(fc.uuid(), { maxLength: 4 }),
        fc.option(fc.uuid()),
        (respondedBy, editors, submittedBy) => {
          const writers = writersOf({ respondedBy, editors, submittedBy });
          expect(new Set(writers)).toEqual(new Set([respondedBy, ...editors, ...(submittedBy ? [submittedBy] : [])]));
          expect(writers).toHaveLength(new Set(writers).size);
        },
      ),
    );
  });

  it('may recall it, save those who only edited it', () => {
    const [respondedBy, editor, submittedBy] = [newId(), newId(), newId()];
    const response = { respondedBy, editors: [respondedBy, editor], submittedBy };
    expect([respondedBy, submittedBy, editor].map((id) => mayRecall({ id }, response))).toEqual([true, true, false]);
  });
});

describe('The README', () => {
  it('draws the state machine as it is', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(RESPONSE_STATES.toMermaid());
  });
});
