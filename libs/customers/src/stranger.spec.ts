import { describe, expect, it } from 'vitest';
import { leadOf } from './stranger.js';

const stranger = { email: 'mira@okafor.example', source: 'mail' };

describe('The card of a stranger', () => {
  it.each([
    ['Mira Okafor', 'Mira', 'Okafor'],
    ['"Okafor, Mira"', 'Mira', 'Okafor'],
    ['Mira  de  la Cruz', 'Mira', 'de la Cruz'],
    ['Okafor,', 'Okafor', ''],
    ['', 'mira', ''],
    [' \t', 'mira', ''],
    ['mira@okafor.example', 'mira', ''],
    ['x'.repeat(500), 'x'.repeat(100), ''],
    [`${'x'.repeat(99)}😀`, 'x'.repeat(99), ''],
    ['Mira\r\nBcc: all', 'Mira', 'Bcc: all'],
    ['小林 李', '小林', '李'],
  ])('reads the name %j', (name, firstName, lastName) => {
    expect(leadOf({ ...stranger, name })).toMatchObject({ firstName, lastName });
  });

  it('leaves out a phone number that is none', () => {
    expect(leadOf({ ...stranger, phone: 'call me' })).not.toHaveProperty('phone');
    expect(leadOf({ ...stranger, phone: '+49 30 123456' })).toMatchObject({ phone: '+49 30 123456' });
  });
});
