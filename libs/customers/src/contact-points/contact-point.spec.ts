import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContactPointExists, ContactPointNotFound, TooManyContactPoints } from '../customer.errors.js';
import {
  addPoint,
  CONTACT_KINDS,
  type ContactPoint,
  type ContactPointDraft,
  editPoint,
  MOST_CONTACT_POINTS,
  primaryOf,
  removePoint,
  setPrimary,
} from './contact-point.js';

const email = (value: string, over: Partial<ContactPointDraft> = {}): ContactPointDraft => ({
  kind: 'email',
  value,
  ...over,
});
const pointsOf = (...drafts: ContactPointDraft[]): readonly ContactPoint[] =>
  drafts.reduce<readonly ContactPoint[]>((points, draft, index) => addPoint(points, draft, `p${index}`), []);

describe('Contact points', () => {
  it('keep how an address was written and how it is compared', () => {
    const [point] = pointsOf({ kind: 'phone', value: ' 030 123456 ', country: 'DE', label: 'office' });
    expect(point).toEqual({
      id: 'p0',
      kind: 'phone',
      value: '030 123456',
      normalized: '+4930123456',
      country: 'DE',
      label: 'office',
      isPrimary: true,
      isVerified: false,
      optedOut: false,
    });
  });

  it('refuse the same address twice', () => {
    expect(() => pointsOf(email('a@x.example'), email('A@x.example'))).toThrow(ContactPointExists);
    const points = pointsOf(email('a@x.example'), email('b@x.example'));
    expect(() => editPoint(points, 'p1', { value: 'A@X.example' })).toThrow(ContactPointExists);
  });

  it('are few', () => {
    const many = Array.from({ length: MOST_CONTACT_POINTS }, (_, index) => email(`a${index}@x.example`));
    expect(() => addPoint(pointsOf(...many), email('b@x.example'), 'x')).toThrow(TooManyContactPoints);
  });

  it('hand the first place over', () => {
    const points = pointsOf(email('a@x.example'), email('b@x.example', { isPrimary: true }));
    expect(points.map(({ isPrimary }) => isPrimary)).toEqual([false, true]);
    expect(primaryOf(editPoint(points, 'p0', { isPrimary: true }), 'email')?.id).toBe('p0');
    expect(primaryOf(removePoint(points, 'p1'), 'email')?.id).toBe('p0');
  });

  it('forget of another address what was said of the one before', () => {
    const points = pointsOf(email('a@x.example', { isVerified: true, optedOut: true, label: 'work' }));
    expect(editPoint(points, 'p0', { value: 'A@x.example' })[0]).toMatchObject({ isVerified: true, optedOut: true });
    expect(editPoint(points, 'p0', { value: 'b@x.example' })[0]).toMatchObject({
      isVerified: false,
      optedOut: false,
      label: 'work',
    });
    expect(editPoint(points, 'p0', { value: 'b@x.example', isVerified: true })[0]).toMatchObject({ isVerified: true });
  });

  it('read a corrected number in the country of the one before', () => {
    const points = pointsOf({ kind: 'phone', value: '030 123456', country: 'DE' });
    expect(editPoint(points, 'p0', { value: '030 654321' })[0]).toMatchObject({ normalized: '+4930654321' });
  });

  it('know whether they are theirs', () => {
    expect(() => editPoint([], 'p0', { label: 'x' })).toThrow(ContactPointNotFound);
    expect(() => removePoint([], 'p0')).toThrow(ContactPointNotFound);
  });

  it('set the primary address: replaced, promoted when it is known, or removed', () => {
    const points = pointsOf(email('a@x.example'), email('b@x.example'));
    const newId = (): string => 'new';
    expect(setPrimary(points, email('c@x.example'), newId)[0]).toMatchObject({
      id: 'p0',
      normalized: 'c@x.example',
      isPrimary: true,
    });
    expect(primaryOf(setPrimary(points, email('B@x.example'), newId), 'email')?.id).toBe('p1');
    expect(setPrimary(points, email('a@x.example'), newId)).toBe(points);
    expect(setPrimary(points, { kind: 'email', value: null }, newId)).toEqual([{ ...points[1], isPrimary: true }]);
    expect(setPrimary([], email('a@x.example'), newId)).toMatchObject([{ id: 'new', isPrimary: true }]);
    expect(setPrimary([], { kind: 'email', value: null }, newId)).toEqual([]);
  });

  it('have exactly one primary of each kind, and no address twice, whatever is done to them', () => {
    const address = fc.oneof(
      fc.constantFrom('a', 'b', 'c', 'd').map((name) => ({ kind: 'email' as const, value: `${name}@x.example` })),
      fc.constantFrom('1', '2', '3').map((digit) => ({ kind: 'phone' as const, value: `+493012345${digit}` })),
    );
    const step = fc.oneof(
      fc.record({ verb: fc.constant('add' as const), address, isPrimary: fc.boolean(), at: fc.nat(9) }),
      fc.record({ verb: fc.constant('edit' as const), address, isPrimary: fc.boolean(), at: fc.nat(9) }),
      fc.record({ verb: fc.constant('remove' as const), address, isPrimary: fc.boolean(), at: fc.nat(9) }),
      fc.record({ verb: fc.constant('set' as const), address, isPrimary: fc.boolean(), at: fc.nat(9) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let points: readonly ContactPoint[] = [];
        let count = 0;
        for (const { verb, address: wanted, isPrimary, at } of steps) {
          const id = points[at % (points.length || 1)]?.id ?? 'none';
          try {
            if (verb === 'add') points = addPoint(points, { ...wanted, isPrimary }, `p${count++}`);
            else if (verb === 'remove') points = removePoint(points, id);
            else if (verb === 'set') points = setPrimary(points, wanted, () => `p${count++}`);
            else points = editPoint(points, id, { value: wanted.value, ...(isPrimary && { isPrimary }) });
          } catch {
            continue; // a refusal changes nothing
          }
          for (const kind of CONTACT_KINDS) {
            const ofKind = points.filter((point) => point.kind === kind);
            expect(ofKind.filter((point) => point.isPrimary)).toHaveLength(ofKind.length ? 1 : 0);
          }
          expect(new Set(points.map(({ kind, normalized }) => `${kind} ${normalized}`)).size).toBe(points.length);
          expect(new Set(points.map(({ id: one }) => one)).size).toBe(points.length);
        }
      }),
    );
  });
});
