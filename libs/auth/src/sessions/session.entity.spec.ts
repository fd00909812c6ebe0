import { describe, expect, it } from 'vitest';
import { Session } from './session.entity.js';

const START = new Date('2026-11-02T09:00:00Z');
const DAY = 86_400;
const after = (seconds: number): Date => new Date(START.getTime() + seconds * 1000);
const aSession = (): Session => {
  const given = {
    userId: 'u',
    seed: Buffer.alloc(32),
    ip: '',
    userAgent: '',
    isNewDevice: false,
    isProven: true,
    slidingSeconds: 7 * DAY,
  };
  const session = Session.start(given, START);
  session.releaseEvents();
  return session;
};

describe('A session', () => {
  it('hands out the next generation for the current one', () => {
    const session = aSession();
    expect(session.refresh(0, 7 * DAY, after(60))).toBe('rotated');
    expect(session.generation).toBe(1);
  });

  it('gives the same successor to a token that comes again within the grace', () => {
    const session = aSession();
    session.refresh(0, 7 * DAY, after(60));
    expect(session.refresh(0, 7 * DAY, after(69))).toBe('repeated');
    expect(session).toMatchObject({ generation: 1, revokedAt: null });
  });

  it('ends when a token comes again after the grace, and says so', () => {
    const session = aSession();
    session.refresh(0, 7 * DAY, after(60));
    expect(session.refresh(0, 7 * DAY, after(71))).toBe('reused');
    expect(session.revokedBecause).toBe('token_reused');
    expect(session.releaseEvents().map(({ type }) => type)).toEqual(['sessions.revoked']);
  });

  it('ends when a token comes that is two generations old, however fast', () => {
    const session = aSession();
    session.refresh(0, 7 * DAY, after(1));
    session.refresh(1, 7 * DAY, after(2));
    expect(session.refresh(0, 7 * DAY, after(3))).toBe('reused');
  });

  it('is over after seven days without use', () => {
    expect(aSession().refresh(0, 7 * DAY, after(7 * DAY))).toBe('ended');
    expect(aSession().refresh(0, 7 * DAY, after(7 * DAY - 1))).toBe('rotated');
  });

  it('is over after thirty days however much it is used', () => {
    const session = aSession();
    for (let day = 1; day < 30; day++) expect(session.refresh(day - 1, 7 * DAY, after(day * DAY))).toBe('rotated');
    expect(session.expiresAt).toEqual(after(30 * DAY));
    expect(session.refresh(29, 7 * DAY, after(30 * DAY))).toBe('ended');
  });

  it('gives nothing once it is revoked, not even within the grace', () => {
    const session = aSession();
    session.refresh(0, 7 * DAY, after(1));
    session.revoke('logged_out', after(2));
    expect(session.refresh(0, 7 * DAY, after(3))).toBe('ended');
    expect(session.refresh(1, 7 * DAY, after(3))).toBe('ended');
  });

  it('is revoked once: the first reason stays', () => {
    const session = aSession();
    session.revoke('logged_out', after(1));
    session.revoke('deactivated', after(2));
    expect(session).toMatchObject({ revokedBecause: 'logged_out', revokedAt: after(1) });
    expect(session.releaseEvents()).toHaveLength(1);
  });
});
