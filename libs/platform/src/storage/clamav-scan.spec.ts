import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aConfig } from '../config/testing.js';
import { EICAR, TestClamd } from '../testing/clamd.js';
import { ClamavScan, ScanFailed } from './clamav-scan.js';

describe('ClamAV', () => {
  let folder: string;
  let overTcp: TestClamd;
  let overUnix: TestClamd;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nexus-clamd-'));
    [overTcp, overUnix] = await Promise.all([TestClamd.start(), TestClamd.start(join(folder, 'clamd.sock'))]);
  });
  afterAll(async () => {
    await Promise.all([overTcp.stop(), overUnix.stop()]);
    await rm(folder, { recursive: true });
  });
  afterEach(() => Object.assign(overTcp, { fault: 'none', mostBytes: 25 * 1024 * 1024 }));

  const find = (content: Iterable<Buffer> | AsyncIterable<Buffer>, url = overTcp.url): Promise<string | null> =>
    new ClamavScan(aConfig({ CLAMAV_URL: url })).find(Readable.from(content, { objectMode: false }));

  it.each(['tcp', 'unix'])('is asked over %s, whatever the pieces are', async (way) => {
    const clamd = way === 'tcp' ? overTcp : overUnix;
    const pieces = [Buffer.alloc(70_000, 'a'), Buffer.from('b'), Buffer.alloc(0), Buffer.alloc(200_000, 'c')];
    expect(await find(pieces, clamd.url)).toBeNull();
    expect(clamd.files.at(-1)?.equals(Buffer.concat(pieces))).toBe(true);
    expect(await find([Buffer.from(EICAR.slice(0, 9)), Buffer.from(EICAR.slice(9))], clamd.url)).toBe(
      'Eicar-Test-Signature',
    );
    expect(await find([], clamd.url)).toBeNull();
  });

  it('finds in many files at once what is in each', async () => {
    const found = await Promise.all(
      Array.from({ length: 20 }, (_, n) => find([Buffer.from(n % 2 ? EICAR : `clean ${n}`)])),
    );
    expect(found).toEqual(Array.from({ length: 20 }, (_, n) => (n % 2 ? 'Eicar-Test-Signature' : null)));
  });

  it('calls no file clean that is too large for it', async () => {
    overTcp.mostBytes = 1000;
    await expect(find([Buffer.alloc(100), Buffer.alloc(2_000_000)])).rejects.toThrow();
    await expect(find([Buffer.alloc(1001)])).rejects.toThrow('INSTREAM size limit exceeded');
  });

  it('calls no file clean when it hangs up, is away, or is something else', async () => {
    overTcp.fault = 'hangs_up';
    await expect(find([Buffer.from('clean')])).rejects.toThrow();
    const away = await TestClamd.start();
    await away.stop();
    await expect(find([Buffer.from('clean')], away.url)).rejects.toThrow('ECONNREFUSED');
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n\0')).listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as { port: number };
    await expect(find([Buffer.from('clean')], `tcp://127.0.0.1:${port}`)).rejects.toThrow(ScanFailed);
    other.close();
  });

  it('calls no file clean that could not be read to its end', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('half'));
      throw new Error('The disk is gone');
    }
    await expect(find(broken())).rejects.toThrow('The disk is gone');
  });
});
