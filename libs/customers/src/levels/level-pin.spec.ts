import { describe, expect, it } from 'vitest';
import { CustomerInTrash } from '../customer.errors.js';
import type { CustomerLevel } from '../customer.policy.js';
import { CustomerLevelChanged, CustomerLevelPinEnded, CustomerLevelPinned } from '../events.js';
import { A_DAY, aCustomer } from '../testing.js';

const UNTIL = '2027-01-01T00:00:00.000Z';
const pin = (level: CustomerLevel, until = UNTIL) => ({ level, until, reason: 'Promised', by: 'somebody' });

describe('The level of a customer', () => {
  it('is at least the one that is pinned, and the earned one again when the pin ends', () => {
    const customer = aCustomer();
    customer.rankAs('silver');
    customer.pinLevel(pin('gold'));
    customer.releaseEvents();
    customer.rankAs('bronze');
    expect(customer).toMatchObject({ level: 'gold', levelPin: { level: 'gold', earned: 'bronze' } });
    expect(customer.releaseEvents()).toEqual([]);
    customer.endLevelPin(UNTIL);
    expect(customer).toMatchObject({ level: 'bronze', levelPin: null });
    expect(customer.releaseEvents()).toEqual([
      CustomerLevelChanged({ customerId: customer.id, from: 'gold', to: 'bronze' }),
      CustomerLevelPinEnded({ customerId: customer.id, by: 'time' }),
    ]);
  });

  it('rises above the pin, and falls back no deeper', () => {
    const customer = aCustomer();
    customer.pinLevel(pin('silver'));
    expect(customer.releaseEvents()).toEqual([
      CustomerLevelChanged({ customerId: customer.id, from: null, to: 'silver' }),
      CustomerLevelPinned({ customerId: customer.id, level: 'silver', until: UNTIL }),
    ]);
    customer.rankAs('platinum');
    expect(customer.level).toBe('platinum');
    customer.rankAs(null);
    expect(customer.level).toBe('silver');
  });

  it('is not lowered by a pin below the one that was earned', () => {
    const customer = aCustomer();
    customer.rankAs('platinum');
    customer.pinLevel(pin('bronze'));
    expect(customer).toMatchObject({ level: 'platinum', levelPin: { level: 'bronze', earned: 'platinum' } });
  });

  it('keeps what was earned when another pin takes the place of one', () => {
    const customer = aCustomer();
    customer.rankAs('bronze');
    customer.pinLevel(pin('platinum'));
    customer.pinLevel(pin('gold', '2027-02-01T00:00:00.000Z'));
    expect(customer).toMatchObject({ level: 'gold', levelPin: { level: 'gold', earned: 'bronze' } });
    customer.releaseEvents();
    customer.endLevelPin(UNTIL);
    expect(customer.releaseEvents()).toEqual([]);
  });

  it('is pinned and freed by nobody in the trash, where time goes on', () => {
    const customer = aCustomer();
    customer.pinLevel(pin('gold'));
    customer.trash('somebody', null, A_DAY);
    expect(() => customer.pinLevel(pin('platinum'))).toThrow(CustomerInTrash);
    expect(() => customer.endLevelPin()).toThrow(CustomerInTrash);
    customer.endLevelPin(UNTIL);
    expect(customer).toMatchObject({ level: null, levelPin: null });
  });
});
