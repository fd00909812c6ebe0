import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { newId } from '@app/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { aConfig } from '../config/testing.js';
import { runAsSystem } from '../scope/index.js';
import { TestS3 } from '../testing/s3-server.js';
import { FileMissing, FileTooLarge, type StoredFile, StoreRefuses } from './file-store.js';
import { S3FileStore } from './s3-file-store.js';

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

describe('A bucket', () => {
  let s3: TestS3;
  let store: S3FileStore;
  const [ours, theirs] = [newId(), newId()];
  const storeWith = (over: NodeJS.ProcessEnv = {}): S3FileStore =>
    new S3FileStore(
      aConfig({
        ...{ S3_BUCKET: s3.bucket, S3_ENDPOINT: s3.endpoint, S3_REGION: s3.region },
        ...{ S3_ACCESS_KEY_ID: s3.accessKeyId, S3_SECRET_ACCESS_KEY: s3.secretAccessKey },
        ...over,
      }),
    );

  let temporary: string;

  beforeAll(async () => {
    s3 = await TestS3.start();
    store = storeWith();
    temporary = await mkdtemp(join(tmpdir(), 'nexus-bucket-'));
    vi.stubEnv('TMPDIR', temporary); // what others leave beside it is none of ours
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(temporary, { recursive: true });
    await s3.stop();
  });
  beforeEach(() => {
    s3.fault = undefined;
    s3.objects.clear();
    s3.asked.length = 0;
  });

  const within = <T>(tenantId: string, work: () => Promise<T>): Promise<T> =>
    runAsSystem(tenantId, 'tests.bucket', 'test', work);
  const left = (): Promise<string[]> => readdir(temporary);
  const all = (tenantId: string): Promise<StoredFile[]> =>
    within(tenantId, async () => {
      const files: StoredFile[] = [];
      for await (const file of store.all()) files.push(file);
      return files;
    });

  it('keeps bytes under their hash, streamed or at once, and the same ones once', async () => {
    const content = randomBytes(300_000);
    async function* pieces(): AsyncGenerator<Buffer> {
      for (let at = 0; at < content.length; at += 70_000)
        yield await Promise.resolve(content.subarray(at, at + 70_000));
    }
    const stored = { hash: sha256(content), size: content.length };
    expect(await within(ours, () => store.put(pieces()))).toEqual(stored);
    expect(await within(ours, () => store.put(content))).toEqual(stored);
    expect(s3.asked.filter((one) => one.startsWith('PUT'))).toEqual([`PUT ${ours}/${stored.hash}`]);
    expect((await within(ours, () => store.read(stored.hash))).equals(content)).toBe(true);
    expect((await within(ours, async () => buffer(await store.open(stored.hash)))).equals(content)).toBe(true);
    expect((await within(ours, () => store.put(Buffer.alloc(0)))).size).toBe(0);
    expect(await left()).toEqual([]);
  });

  it('writes a damaged object anew', async () => {
    const { hash } = await within(ours, () => store.put(Buffer.from('whole')));
    s3.objects.set(`${ours}/${hash}`, Buffer.from('ha'));
    await within(ours, () => store.put(Buffer.from('whole')));
    expect(s3.objects.get(`${ours}/${hash}`)?.toString()).toBe('whole');
  });

  it('shows nobody what another tenant stored, and tells all of one’s own over many pages', async () => {
    const stored = await Promise.all(
      Array.from({ length: 8 }, (_, n) => within(ours, () => store.put(Buffer.from(`file ${n}`)))),
    );
    const [first] = stored;
    await expect(within(theirs, () => store.open(first!.hash))).rejects.toThrow(FileMissing);
    expect(await all(theirs)).toEqual([]);
    expect(await all(ours)).toEqual([...stored].sort((a, b) => a.hash.localeCompare(b.hash)));
    await within(ours, () => store.remove(first!.hash));
    await within(ours, () => store.remove(first!.hash));
    expect(await all(ours)).toHaveLength(7);
    await within(theirs, () => store.put(Buffer.from('theirs')));
    await within(ours, () => store.removeAll());
    expect([await all(ours), (await all(theirs)).length]).toEqual([[], 1]);
  });

  it('takes no more of a file than it may have', async () => {
    const content = Buffer.alloc(1000);
    await expect(within(ours, () => store.put(content, 999))).rejects.toThrow(FileTooLarge);
    expect([s3.asked, await left()]).toEqual([[], []]);
  });

  it('is away, full or not ours to use: all that is said is that files cannot be stored', async () => {
    s3.fault = [507, 'InsufficientStorage'];
    await expect(within(ours, () => store.put(Buffer.from('x')))).rejects.toThrow(StoreRefuses);
    s3.fault = undefined;
    for (const wrong of [
      { S3_SECRET_ACCESS_KEY: 'guessed' },
      { S3_BUCKET: 'other' },
      { S3_ENDPOINT: 'http://127.0.0.1:1' },
    ])
      await expect(within(ours, () => storeWith(wrong).put(Buffer.from('x')))).rejects.toThrow(StoreRefuses);
    expect([s3.objects.size, await left()]).toEqual([0, []]);
  });

  it('is asked for nothing but hashes', async () => {
    for (const name of ['', '../secret', `${theirs}/x`, 'A'.repeat(64)])
      await expect(within(ours, () => store.open(name))).rejects.toThrow('named by its SHA-256');
    expect(s3.asked).toEqual([]);
  });
});
