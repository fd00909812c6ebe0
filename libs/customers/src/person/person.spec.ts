import { describe, expect, it } from 'vitest';
import { CustomerUpdated } from '../events.js';
import { aCustomer, A_DAY } from '../testing.js';
import { BirthdayOutOfRange, QuietHoursAllDay, QuietHoursIncomplete } from './person.errors.js';
import { canonicalLanguage, personOf } from './person.js';

const NIGHT = { start: '21:00', end: '08:00' };

describe('What is known of a person', () => {
  it('is only what was given', () => {
    expect(personOf({}, A_DAY)).toEqual({});
    expect(personOf({ birthday: null, quietHours: null }, A_DAY)).toEqual({ birthday: null, quietHours: null });
  });

  it.each([
    ['1899-12-31', false],
    ['1900-01-01', true],
    ['2026-11-02', true],
    ['2026-11-03', false],
  ])('says that nobody is older than a lifetime or yet to be born: %s %s', (birthday, isTaken) => {
    const given = () => personOf({ birthday }, new Date('2026-11-02T09:59:59Z'));
    if (isTaken) expect(given()).toEqual({ birthday });
    else expect(given).toThrow(BirthdayOutOfRange);
  });

  it('takes the day that it is where days begin first', () => {
    expect(personOf({ birthday: '2026-11-03' }, new Date('2026-11-02T10:00:00Z'))).toEqual({ birthday: '2026-11-03' });
  });

  it('has hours over midnight, but none without an end and none that last all day', () => {
    expect(personOf({ quietHours: NIGHT }, A_DAY)).toEqual({ quietHours: NIGHT });
    expect(() => personOf({ quietHours: { start: '21:00' } }, A_DAY)).toThrow(QuietHoursIncomplete);
    expect(() => personOf({ quietHours: { end: '21:00' } }, A_DAY)).toThrow(QuietHoursIncomplete);
    expect(() => personOf({ quietHours: { start: '21:00', end: '21:00' } }, A_DAY)).toThrow(QuietHoursAllDay);
  });

  it.each([
    ['DE-at', 'de-AT'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['deu', 'de'],
    ['en_US', undefined],
    ['german, please', undefined],
    ['', undefined],
    [`de-${'x-abcdefgh-'.repeat(4)}i`, undefined],
  ])('writes the language %s as %s', (tag, canonical) => {
    expect(canonicalLanguage(tag)).toBe(canonical);
  });

  it('is told of when it differs, and only then', () => {
    const customer = aCustomer({ language: 'de-AT', quietHours: NIGHT });
    customer.amend({ language: 'DE-at', quietHours: { ...NIGHT }, birthday: null }, A_DAY);
    expect(customer.releaseEvents()).toEqual([]);
    customer.amend({ quietHours: null, birthday: '1986-05-17' }, A_DAY);
    expect(customer.releaseEvents()).toEqual([
      CustomerUpdated({ customerId: customer.id, changed: ['birthday', 'quietHours'] }),
    ]);
  });
});
