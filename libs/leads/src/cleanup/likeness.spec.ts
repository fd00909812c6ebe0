import { newId } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { type Candidate, pairsOf } from './likeness.js';

let seconds = 0;
const a = (over: Partial<Candidate> = {}): Candidate => ({
  ...{ id: newId(), email: null, phone: null, mailHash: null, richness: 0 },
  createdAt: new Date(1_800_000_000_000 + 1000 * seconds++),
  ...over,
});

describe('Leads of one person', () => {
  it('are those that share an address, a number or a mail, each pair with what it shares', () => {
    const one = a({ email: 'a@x.example', phone: '+4930', mailHash: 'f' });
    const two = a({ email: 'a@x.example' });
    const three = a({ email: 'other@x.example', phone: '+4930', mailHash: 'f' });
    expect(pairsOf([one, two, three, a({ email: 'b@x.example' })], 'oldest')).toEqual([
      { survivorId: one.id, loserId: two.id, reasons: ['same_email'] },
      { survivorId: one.id, loserId: three.id, reasons: ['same_phone', 'same_mail'] },
    ]);
  });

  it('are one also by way of a third, with what connects them to it', () => {
    const [one, other] = [a({ email: 'a@x.example' }), a({ phone: '+4930' })];
    const between = a({ email: 'a@x.example', phone: '+4930' });
    expect(pairsOf([other, between, one], 'oldest')).toEqual([
      { survivorId: one.id, loserId: other.id, reasons: ['same_phone'] },
      { survivorId: one.id, loserId: between.id, reasons: ['same_email'] },
    ]);
  });

  it('go on in the oldest or in the richest, of equals in the older one', () => {
    const email = 'a@x.example';
    const [oldest, richest, same] = [a({ email }), a({ email, richness: 7 }), a({ email, richness: 7 })];
    const survivors = (keep: 'oldest' | 'richest') =>
      new Set(pairsOf([same, richest, oldest], keep).map(({ survivorId }) => survivorId));
    expect(survivors('oldest')).toEqual(new Set([oldest.id]));
    expect(survivors('richest')).toEqual(new Set([richest.id]));
  });

  it('are not those of whom the same is not known', () => {
    expect(pairsOf([a(), a(), a({ email: 'a@x.example' }), a({ phone: 'a@x.example' })], 'richest')).toEqual([]);
  });

  it('are each in one pair at most, however many there are', () => {
    const many = Array.from({ length: 3000 }, (_, n) => a({ email: `${n % 40}@x.example`, phone: `+${n % 7}` }));
    const pairs = pairsOf(many, 'oldest');
    expect(pairs).toHaveLength(2999);
    expect(new Set(pairs.map(({ loserId }) => loserId)).size).toBe(2999);
    expect(pairs.every(({ survivorId }) => survivorId === many[0]!.id)).toBe(true);
  });
});
