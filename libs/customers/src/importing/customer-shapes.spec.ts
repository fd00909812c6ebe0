import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shapedAsNew } from './customer-shapes.js';

describe('A row as the body of a new customer', () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown): void => void unheard.push(reason);
  beforeEach(() => void process.on('unhandledRejection', hear));
  afterEach(() => void process.off('unhandledRejection', hear));

  it('is judged once, ahead of its turn or in it', async () => {
    const values = { id: 'x', firstName: 'Ida', email: 'ida@fair.example', quietHours: '21:00-08:00' };
    const shape = await shapedAsNew(values);
    expect(shape).toEqual({
      ...{ firstName: 'Ida', email: 'ida@fair.example' },
      quietHours: { start: '21:00', end: '08:00' },
    });
    expect(await shapedAsNew(values)).toBe(shape);
    expect(await shapedAsNew({ ...values })).not.toBe(shape);
  });

  it('is refused when its turn comes, and disturbs nobody before', async () => {
    const values = { firstName: 'Ida', email: 'nowhere' };
    void shapedAsNew(values);
    await turn();
    await turn();
    expect(unheard).toEqual([]);
    await expect(shapedAsNew(values)).rejects.toMatchObject({ errors: [{ pointer: '/email' }] });
  });
});
