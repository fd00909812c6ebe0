import { describe, expect, it } from 'vitest';
import { isZone } from './zone.js';

describe('The name of a zone', () => {
  it.each(['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'UTC', 'EST5EDT'])('may be %s', (name) => {
    expect(isZone(name)).toBe(true);
  });

  it.each(['', 'Europe/Atlantis', 'europe/berlin', 'Europe/Berlin ', '+02:00', 'UTC+3', 'local', 'Z'])(
    'may not be %j',
    (name) => {
      expect(isZone(name)).toBe(false);
    },
  );
});
