import { describe, expect, it } from 'vitest';
import { type Candidate, delaySeconds, deviceHash, LoginThrottle, networkHash } from './login-throttle.js';

const throttle = new LoginThrottle(undefined as never, undefined as never);
const candidate = (...known: Buffer[]): Candidate => ({
  tenant_id: 't',
  user_id: 'u',
  name: 'n',
  password_hash: null,
  known_devices: known,
});
const keys = (name: string, ip: string, deviceToken?: string, known: Buffer[] = []): string[] =>
  throttle
    .countersOf(name, { ip, userAgent: '', deviceToken }, [candidate(...known)])
    .map(({ key }) => key.toString('hex'));

describe('The delay after failed logins', () => {
  it('begins after the free ones, doubles, and stops growing', () => {
    const rule = { free: 5, mostSeconds: 60 };
    expect([0, 4, 5, 6, 7, 10, 11, 500].map((failures) => delaySeconds(rule, failures))).toEqual([
      0, 0, 1, 2, 4, 32, 60, 60,
    ]);
  });
});

describe('The counters of a login', () => {
  it('are name and place, name alone, and network for a stranger', () => {
    expect(keys('ada', '203.0.113.7')).toHaveLength(3);
  });

  it('leave out what strangers did to the name when the network is known', () => {
    const known = keys('ada', '203.0.113.7', undefined, [networkHash('203.0.113.7')]);
    expect(known).toHaveLength(2);
    expect(keys('ada', '203.0.113.7')).toEqual(expect.arrayContaining(known));
  });

  it('are the device alone for a known device, whatever its network did', () => {
    const token = 'a-device-of-hers-01';
    const own = keys('ada', '203.0.113.7', token, [deviceHash(token)]);
    expect(own).toHaveLength(1);
    expect(keys('ada', '203.0.113.7')).not.toEqual(expect.arrayContaining(own));
  });

  it('do not take a device’s word for being known', () => {
    expect(keys('ada', '203.0.113.7', 'a-device-of-mallory')).toEqual(keys('ada', '203.0.113.7'));
  });

  it('are the same for all addresses of one IPv6 household', () => {
    expect(keys('ada', '2001:db8:1:2::1')).toEqual(keys('ada', '2001:db8:1:2:ffff::9'));
    expect(keys('ada', '2001:db8:1:2::1')).not.toEqual(keys('ada', '2001:db8:1:3::1'));
  });
});
