import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineFailpoint, definedFailpoints, failpoint, verifyFailpoint } from './failpoint.js';
import { Compiled } from './testing/compiled.js';

describe('Failpoint', () => {
  let compiled: Compiled;

  beforeAll(() => {
    compiled = Compiled.make();
  });
  afterAll(() => compiled.remove());

  const run = (env: NodeJS.ProcessEnv) => {
    const startedAt = performance.now();
    const script = compiled.path('lifecycle/testing/breakable-script.ts');
    const { stdout, status, signal } = spawnSync(process.execPath, [script], {
      env: { PATH: process.env.PATH, ...env },
      encoding: 'utf8',
    });
    return { lines: stdout.trim().split('\n'), status, signal, seconds: (performance.now() - startedAt) / 1_000 };
  };

  it('does nothing when unset', () => {
    expect(run({})).toMatchObject({ lines: ['step 1', 'step 2', 'step 3'], status: 0 });
  });

  it('does nothing when another point is named', () => {
    expect(run({ FAILPOINT: 'script.elsewhere' })).toMatchObject({ lines: ['step 1', 'step 2', 'step 3'], status: 0 });
  });

  it('kills the process the nth time it is reached', () => {
    expect(run({ FAILPOINT: 'script.before-step:2' })).toMatchObject({ lines: ['step 1'], signal: 'SIGKILL' });
  });

  it('throws once, where it stands', () => {
    expect(run({ FAILPOINT: 'script.before-step:2:throw' }).lines).toEqual([
      'step 1',
      'step 2: FailpointStruck: Failpoint script.before-step was struck',
      'step 3',
    ]);
  });

  it('blocks the process for as long as it is told, and lets it go on', () => {
    const ran = run({ FAILPOINT: 'script.before-step:stall-1' });

    expect(ran.lines).toEqual(['step 1', 'step 2', 'step 3']);
    expect(ran.seconds).toBeGreaterThanOrEqual(1);
  });

  it('does nothing in production', () => {
    expect(run({ FAILPOINT: 'script.before-step', NODE_ENV: 'production' })).toMatchObject({ status: 0, signal: null });
  });

  it('is listed by name, and defined once', () => {
    const point = defineFailpoint('spec.listed', 'For this test.');

    expect(definedFailpoints().get('spec.listed')).toBe(point);
    expect(() => defineFailpoint('spec.listed', 'Again.')).toThrow('spec.listed is defined twice');
    expect(() => failpoint(point)).not.toThrow();
  });

  it.each(['spec.nowhere', 'spec.verified:fast', 'not a point'])(
    'refuses FAILPOINT=%s, which would break nothing',
    (given) => {
      if (!definedFailpoints().has('spec.verified')) defineFailpoint('spec.verified', 'For this test.');

      expect(() => verifyFailpoint({ FAILPOINT: given })).toThrow('names no point');
      expect(() => verifyFailpoint({ FAILPOINT: 'spec.verified:3:throw' })).not.toThrow();
    },
  );
});
