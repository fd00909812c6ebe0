import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@app/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aConfig } from '../config/testing.js';
import { runAsSystem } from '../scope/index.js';
import { FileMissing, FileTooLarge } from './file-store.js';
import { LocalFileStore } from './local-file-store.js';

const TENANT = '01920000-0000-7000-8000-00000000000a';
const HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

describe('The local file store', () => {
  let root: string;
  let store: LocalFileStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'nexus-files-'));
    store = new LocalFileStore(aConfig({ STORAGE_DIR: root }));
  });
  afterEach(() => rm(root, { recursive: true }));

  const as = <T>(work: () => Promise<T>, tenantId = TENANT): Promise<T> =>
    runAsSystem(tenantId, 'test.files', 'test', work);
  const put = (content: Buffer | AsyncIterable<Buffer>, most?: number) => as(() => store.put(content, most));
  const path = join(TENANT, '2c', 'f2', HELLO);
  async function* chunks(...texts: string[]): AsyncGenerator<Buffer> {
    for (const text of texts) yield Buffer.from(text);
  }

  it('names bytes by their hash, whole or in pieces', async () => {
    expect(await put(Buffer.from('hello'))).toEqual({ hash: HELLO, size: 5 });
    expect(await put(chunks('hel', 'lo'))).toEqual({ hash: HELLO, size: 5 });
    expect(await readFile(join(root, path), 'utf8')).toBe('hello');
    expect((await as(() => store.read(HELLO))).toString()).toBe('hello');
    const read: Buffer[] = [];
    for await (const chunk of await as(() => store.open(HELLO))) read.push(chunk as Buffer);
    expect(Buffer.concat(read).toString()).toBe('hello');
  });

  it('takes the same bytes twenty times at once and leaves nothing else behind', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => put(at % 2 ? chunks('hello') : Buffer.from('hello'))));
    expect(await readdir(join(root, 'incoming'))).toEqual([]);
    expect(await readdir(join(root, TENANT, '2c', 'f2'))).toEqual([HELLO]);
  });

  it('keeps tenants apart', async () => {
    await put(Buffer.from('hello'));
    await expect(as(() => store.read(HELLO), newId())).rejects.toThrow(FileMissing);
  });

  it.each(['../../etc/passwd', HELLO.toUpperCase(), `${HELLO}/..`, ''])(
    'takes no path for a name: %j',
    async (name) => {
      await expect(as(async () => store.read(name))).rejects.toThrow('SHA-256');
    },
  );

  it('refuses what is too large and keeps none of it', async () => {
    await expect(put(chunks('hel', 'lo'), 4)).rejects.toThrow(FileTooLarge);
    expect(await readdir(join(root, 'incoming'))).toEqual([]);
  });

  it('writes a file again that was cut short', async () => {
    await put(Buffer.from('hello'));
    await truncate(join(root, path), 2);
    await put(Buffer.from('hello'));
    expect(await readFile(join(root, path), 'utf8')).toBe('hello');
  });

  it('tells what it has of a tenant, and nothing of another', async () => {
    const texts = ['hello', 'good day', ''];
    const stored = await Promise.all(texts.map((text) => put(Buffer.from(text))));
    await as(() => store.put(Buffer.from('theirs')), newId());
    const listed = async (tenantId?: string) => {
      const found = [];
      for await (const file of await as(async () => store.all(), tenantId)) found.push(file);
      return found;
    };
    const bySize = (one: { size: number }, other: { size: number }) => one.size - other.size;
    expect((await listed()).sort(bySize)).toEqual(stored.sort(bySize));
    expect(await listed(newId())).toEqual([]);
  });

  it('forgets what is removed, and removes it once', async () => {
    await put(Buffer.from('hello'));
    await as(() => store.remove(HELLO));
    await as(() => store.remove(HELLO));
    await expect(as(() => store.open(HELLO))).rejects.toThrow(FileMissing);
  });

  it('clears away what a killed process left, not what another is writing', async () => {
    await put(Buffer.from('hello'));
    const yesterday = Date.now() / 1000 - 25 * 3600;
    await writeFile(join(root, 'incoming', 'dead'), 'half');
    await writeFile(join(root, 'incoming', 'alive'), 'half');
    await utimes(join(root, 'incoming', 'dead'), yesterday, yesterday);
    await store.onApplicationBootstrap();
    expect(await readdir(join(root, 'incoming'))).toEqual(['alive']);
  });
});
