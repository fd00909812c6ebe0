import { describe, expect, it } from 'vitest';
import { mintMessageId } from './message-id.js';

const TENANT = '01920000-0000-7000-8000-00000000000a';
const about = { kind: 'response', id: '01920000-0000-7000-8000-000000000001', revision: 2 };

describe('A minted Message-ID', () => {
  it('is the same whenever it is asked for', () => {
    const id = mintMessageId(TENANT, about, 'example.com');
    expect(id).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
    expect(mintMessageId(TENANT, { ...about, id: about.id.toUpperCase() }, 'example.com')).toBe(id);
  });

  it('differs by tenant, kind, record and revision', () => {
    const ids = [
      mintMessageId(TENANT, about, 'example.com'),
      mintMessageId('01920000-0000-7000-8000-00000000000b', about, 'example.com'),
      mintMessageId(TENANT, { ...about, kind: 'invitation' }, 'example.com'),
      mintMessageId(TENANT, { ...about, id: '01920000-0000-7000-8000-000000000002' }, 'example.com'),
      mintMessageId(TENANT, { ...about, revision: 3 }, 'example.com'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
