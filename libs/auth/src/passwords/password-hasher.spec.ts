import { hash } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { PasswordHasher } from './password-hasher.js';
import { TooManyWaiting, Turns } from './turns.js';

const hasher = new PasswordHasher();

describe('The password hasher', () => {
  it('makes Argon2id hashes with 19 MiB, two passes and one lane, each with its own salt', async () => {
    const [first, second] = await Promise.all([hasher.hash('seven green bottles'), hasher.hash('seven green bottles')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
    expect(hasher.isOutdated(first)).toBe(false);
  });

  it('tells a hash with weaker parameters, which it still understands', async () => {
    const weak = await hash('seven green bottles', { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    expect(hasher.isOutdated(weak)).toBe(true);
    expect(await hasher.matches(weak, 'seven green bottles')).toBe(true);
  });

  it('takes every byte as it is: nothing is cut, trimmed or folded', async () => {
    const long = 'x'.repeat(100);
    const pairs: [string, string][] = [
      [`${long}a`, `${long}b`],
      ['with a space', 'with a space '],
      ['Große Straße', 'grosse strasse'],
      ['caf\u00e9 au lait', 'cafe\u0301 au lait'],
      ['nul\u0000byte one', 'nul\u0000byte two'],
      ['fox 🦊 fox 🦊', 'fox 🐺 fox 🐺'],
    ];
    for (const [password, other] of pairs) {
      const stored = await hasher.hash(password);
      expect(await hasher.matches(stored, password)).toBe(true);
      expect(await hasher.matches(stored, other)).toBe(false);
    }
  });

  it('never lets anybody in where there is no password, or none that it understands', async () => {
    expect(await hasher.matches(null, 'nobody has this password')).toBe(false);
    expect(await hasher.matches('not a hash', '')).toBe(false);
  });
});

describe('Turns', () => {
  const held = (): { done: () => void; wait: Promise<void> } => {
    let done = (): void => {};
    const wait = new Promise<void>((resolve) => (done = resolve));
    return { done, wait };
  };

  it('let so many work at once, the rest in order, and turn the surplus away at once', async () => {
    const turns = new Turns(2, 2);
    const gate = held();
    const order: number[] = [];
    let atOnce = 0;
    let most = 0;
    const work = (n: number) => async (): Promise<void> => {
      most = Math.max(most, ++atOnce);
      order.push(n);
      await gate.wait;
      atOnce--;
    };
    const taken = [1, 2, 3, 4].map((n) => turns.take(work(n)));
    await expect(turns.take(work(5))).rejects.toThrow(TooManyWaiting);
    gate.done();
    await Promise.all(taken);
    expect({ order, most }).toEqual({ order: [1, 2, 3, 4], most: 2 });
  });

  it('pass on when the work fails', async () => {
    const turns = new Turns(1, 1);
    const failing = turns.take(() => Promise.reject(new Error('no')));
    const next = turns.take(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await turns.take(() => Promise.resolve('again'))).toBe('again');
  });
});
