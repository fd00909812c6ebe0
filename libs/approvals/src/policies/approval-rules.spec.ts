import { defineFields, parseCondition } from '@app/platform';
import { newId } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { aStage } from '../testing.js';
import { applyPolicy, type GivenRule, isSampled, readRules } from './approval-rules.js';

const FIELDS = defineFields({
  priority: { type: 'enum', values: ['low', 'urgent'] },
  category: { type: 'text', nullable: true },
});
const moment = { now: new Date('2026-11-02T09:00:00Z'), zone: 'UTC' };
const when = (condition: unknown) => parseCondition(condition, FIELDS);
const one = newId();
const policy = { name: 'Support', version: 3, allowSelfApproval: false };
const two = [aStage(), aStage(2, { kind: 'team' })];

const given = (over: Partial<GivenRule> = {}): GivenRule => ({
  ...{ name: 'Urgent', when: { field: 'priority', op: 'eq', value: 'urgent' } },
  ...{ outcome: 'approval', stages: two },
  ...over,
});

describe('The rules of an approval policy', () => {
  const rules = [
    { name: 'Thanks', when: when({ field: 'category', op: 'eq', value: 'thanks' }), stages: [] },
    { name: 'Urgent', when: when({ field: 'priority', op: 'eq', value: 'urgent' }), stages: two },
    { name: 'Late', when: when({ all: [] }), stages: [aStage(3)] },
  ];
  const applied = (facts: object) => applyPolicy({ ...policy, rules }, { ...facts }, FIELDS, moment);

  it('are asked in their order: the first that matches decides', () => {
    expect(applied({ category: 'thanks', priority: 'urgent' })).toMatchObject({ rule: 'Thanks', stages: [] });
    expect(applied({ priority: 'urgent' })).toEqual({ ...policy, rule: 'Urgent', stages: two });
    expect(applied({ priority: 'low' })).toMatchObject({ rule: 'Late', stages: [aStage(3)] });
  });

  it('leave one other person where none matches', () => {
    expect(applyPolicy({ ...policy, rules: [] }, {}, FIELDS, moment)).toEqual({
      ...policy,
      rule: null,
      stages: [aStage(1)],
    });
  });

  it('are read with their conditions in canonical form', () => {
    expect(readRules([given()], FIELDS)).toEqual([
      { name: 'Urgent', when: { field: 'priority', op: 'eq', value: 'urgent' }, stages: two },
    ]);
  });

  it('speak of facts that are handed over, and of nothing else', () => {
    const unknown = given({ when: { field: 'colour', op: 'eq', value: 'red' } });
    expect(() => readRules([given(), unknown], FIELDS)).toThrow(
      expect.objectContaining({
        code: 'invalid_condition',
        details: { errors: [expect.objectContaining({ pointer: '/rules/1/when/field' })] },
      }),
    );
  });

  it.each([
    ['roles without a name', { stages: [aStage(1, { kind: 'role' })] }, '/rules/0/stages/0/approvers/ids'],
    ['names where anyone may', { stages: [aStage(1, { ids: [newId()] })] }, '/rules/0/stages/0/approvers/ids'],
    [
      'more voices than people',
      { stages: [aStage(), aStage(2, { kind: 'users', ids: [newId()] })] },
      '/rules/0/stages/1/required',
    ],
    [
      'one person for two stages',
      { stages: [aStage(1, { kind: 'users', ids: [one] }), aStage(), aStage(1, { kind: 'users', ids: [one] })] },
      '/rules/0/stages',
    ],
    ['samples of what is approved anyway', { samplePercent: 5 }, '/rules/0/samplePercent'],
    ['stages of no approval', { outcome: 'none' as const }, '/rules/0/stages'],
  ])('are refused with %s', (_, over, pointer) => {
    expect(() => readRules([given(over)], FIELDS)).toThrow(
      expect.objectContaining({
        code: 'approval_rules_invalid',
        details: { errors: [expect.objectContaining({ pointer })] },
      }),
    );
  });

  it('may name one person at two stages where others are named beside them', () => {
    const both = [aStage(1, { kind: 'users', ids: [one] }), aStage(1, { kind: 'users', ids: [one, newId()] })];
    expect(readRules([given({ stages: both })], FIELDS)).toMatchObject([{ stages: both }]);
  });

  describe('with samples', () => {
    const sampling = (samplePercent: number, sampleKey: string) => {
      const sampled = [{ name: 'Thanks', when: when({ all: [] }), stages: [], samplePercent }];
      return applyPolicy({ ...policy, rules: sampled }, {}, FIELDS, { ...moment, sampleKey });
    };

    it('have somebody look at that share of what they ask nobody for', () => {
      const keys = Array.from({ length: 10_000 }, (_, at) => `key ${at}`);
      for (const percent of [0, 5, 50, 100]) {
        const samples = keys.filter((key) => isSampled(key, percent)).length;
        expect(Math.abs(samples - percent * 100)).toBeLessThanOrEqual(percent % 100 ? 150 : 0);
      }
    });

    it('choose the same ones whenever they are asked, and say so', () => {
      const key = Array.from({ length: 100 }, (_, at) => `key ${at}`).find((one) => isSampled(one, 10)) ?? '';
      for (let again = 0; again < 3; again++) {
        expect(sampling(10, key)).toMatchObject({ rule: 'Thanks', stages: [aStage(1)], isSample: true });
      }
      expect(sampling(0, key)).toEqual({ ...policy, rule: 'Thanks', stages: [] });
    });
  });
});
