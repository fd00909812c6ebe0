import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { birthOf } from './processes.js';
import { resetHome } from './reset.js';
import { claimHome, stackOwner, StackRunning } from './stack-lock.js';

describe('the data folder of a stack', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'nexus-home-'));
  });
  const leaveClaim = (pid: number, birth: string): void =>
    writeFileSync(join(home, 'stack.json'), JSON.stringify({ pid, birth }));

  it('belongs to one stack at a time', () => {
    const release = claimHome(home);
    expect(() => claimHome(home)).toThrow(StackRunning);
    release();
    expect(stackOwner(home)).toBeUndefined();
    claimHome(home)();
  });

  it('is free again when its owner died without a word', () => {
    leaveClaim(2 ** 22 + 1, '1');
    claimHome(home)();
  });

  it('is free again when another process now has the id of its owner', () => {
    leaveClaim(process.pid, `${birthOf(process.pid)}0`);
    expect(stackOwner(home)).toBeUndefined();
    claimHome(home)();
  });

  it('is not reset while its stack runs', async () => {
    claimHome(home);
    await expect(resetHome(home)).rejects.toThrow(StackRunning);
    expect(readdirSync(home)).toEqual(['stack.json']);
  });

  it('is empty after a reset', async () => {
    mkdirSync(join(home, 'test', 'postgres'), { recursive: true });
    writeFileSync(join(home, 'secrets.json'), '{}');
    await resetHome(home);
    expect(readdirSync(home)).toEqual([]);
  });
});
