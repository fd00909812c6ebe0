import { newId } from '@app/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aConfig } from '../config/testing.js';
import { RedisConnections } from '../redis/index.js';
import { claimTestRedis, type TestRedis } from '../testing/databases.js';
import { type LiveRecord } from './live-channel.js';
import { PRESENCE_SECONDS, PresenceBook, presenceOf, type Present } from './presence.js';

const ada: Present = { userId: 'a', name: 'Ada', state: 'viewing', since: '2026-11-02T09:00:00.000Z' };
const bob: Present = { userId: 'b', name: 'Bob', state: 'typing', since: '2026-11-02T09:01:00.000Z' };

describe('Who has a record open', () => {
  let claimed: TestRedis;
  let redis: RedisConnections;
  let book: PresenceBook;
  let record: LiveRecord;
  beforeAll(async () => {
    claimed = await claimTestRedis();
    redis = new RedisConnections(aConfig({ REDIS_URL: claimed.url }));
    await redis.settle();
    book = new PresenceBook(redis);
  });
  afterAll(async () => {
    await redis?.close();
    await claimed?.release();
  });
  beforeEach(() => {
    record = { tenantId: newId(), kind: 'inquiries', id: newId() };
  });

  it('is everybody who entered and did not leave, whatever socket they entered by', async () => {
    await book.enter(record, 's1', ada);
    expect(await book.enter(record, 's2', bob)).toEqual({ people: [ada, bob], writer: bob });
    expect(await book.leave(record, 's2')).toEqual({ people: [ada], writer: null });
    expect(await book.of({ ...record, tenantId: newId() })).toEqual({ people: [], writer: null });
  });

  it('is nobody who was not heard of for long', async () => {
    await book.enter(record, 's1', ada);
    await book.enter(record, 's2', bob);
    const seen = `{nexus}:presence:${record.tenantId}:inquiries:${record.id}:seen`;
    await redis.commands.zincrby(seen, -PRESENCE_SECONDS, 's1');
    expect(await book.of(record)).toEqual({ people: [bob], writer: bob });
  });

  it('is gone from Redis by itself', async () => {
    await book.enter(record, 's1', ada);
    const left = await redis.commands.ttl(`{nexus}:presence:${record.tenantId}:inquiries:${record.id}`);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(2 * PRESENCE_SECONDS);
  });

  it('is one person for several windows: writing before reading, and since the earliest', () => {
    const later = { ...ada, since: '2026-11-02T09:05:00.000Z' };
    expect(presenceOf([later, ada])).toEqual({ people: [ada], writer: null });
    const writes = { ...later, state: 'typing' as const };
    expect(presenceOf([ada, writes])).toEqual({ people: [writes], writer: writes });
  });

  it('has one writer, who began first', () => {
    const first = { ...ada, state: 'typing' as const };
    expect(presenceOf([bob, first]).writer).toEqual(first);
  });
});
