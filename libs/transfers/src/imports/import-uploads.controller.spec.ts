import { readdir } from 'node:fs/promises';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type SignedIn, signIn } from '@app/auth/testing';
import { bootSlice, formOf, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transfersContexts } from '../testing.js';
import { MOST_IMPORT_BYTES } from './import.policy.js';

const DESK = ['imports:run', 'customers:create'];
const MEBIBYTE = Buffer.alloc(1024 * 1024, 'Mira,Okafor\n');
const csv = (content = 'First,Last\nMira,Okafor\n', name = 'people.csv') => new File([content], name);
type Fields = Parameters<typeof formOf>[0];

describe('An upload', () => {
  let slice: Slice;
  let clerk: SignedIn;
  let url: string;
  let before: unknown;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: transfersContexts });
    clerk = await signIn(slice, { grants: DESK });
    await slice.app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(slice.app.getHttpServer().address() as AddressInfo).port}/api/v1/imports`;
  });
  afterAll(() => slice?.close());
  beforeEach(async () => void (before = await left()));

  /** What there is of imports, and of bytes under every name. */
  const left = async () => {
    const { rows } = await slice.superuser.query('select count(*)::int as imports from imports');
    const files = async (folder: string) =>
      (await readdir(join(slice.config.STORAGE_DIR, folder), { recursive: true, withFileTypes: true }).catch(() => []))
        .filter((entry) => entry.isFile())
        .map(({ name }) => name);
    return { ...rows[0], stored: await files(TENANT), incoming: await files('incoming') };
  };
  const send = async (fields: Fields, headers: Record<string, string> = {}) =>
    slice.http('POST', '/api/v1/imports', { token: clerk.token, ...(await formOf(fields, headers)) });
  const pointers = ({ body }: Awaited<ReturnType<typeof send>>) =>
    body.errors.map(({ pointer }: { pointer: string }) => pointer);

  it('is taken whichever field comes first, and says how the file is read', async () => {
    const entity = ['entity', 'customers'] as const;
    const file = ['file', csv('First|Last\nJörg|Süd\n', 'Größen.csv')] as const;
    for (const fields of [
      [entity, file],
      [file, entity],
      [entity, file, ['delimiter', '|'] as const],
    ]) {
      const { status, body } = await send(fields);
      expect(status, JSON.stringify(body)).toBe(201);
      const about = { name: 'Größen.csv', entity: 'customers', delimiter: '|', state: 'uploaded' };
      expect(body).toMatchObject({ ...about, columns: ['First', 'Last'], sample: [['Jörg', 'Süd']] });
    }
    expect((await send([file, entity, ['delimiter', ';']])).body).toMatchObject({ columns: ['First|Last'] });
  });

  describe('that is refused', () => {
    afterEach(async () => expect(await left()).toEqual(before));

    it.each<[string, Fields, string, string]>([
      ['without what its rows are', { file: csv('a\n1\n') }, '/entity', 'is_string'],
      ['of what nobody imports', { entity: 'secrets', file: csv('a\n2\n') }, '/entity', 'entity_unknown'],
      [
        'of what nobody imports, told last',
        [
          ['file', csv('a\n3\n')],
          ['entity', 'no'],
        ],
        '/entity',
        'entity_unknown',
      ],
      ['without a file', { entity: 'customers' }, '/file', 'is_file'],
      ['with text for a file', { entity: 'customers', file: 'a\n4\n' }, '/file', 'is_file'],
      ['with a file that was not chosen', { entity: 'customers', file: csv('', '') }, '/file', 'is_file'],
      ['with a file for the entity', { entity: csv('a\n5\n'), file: csv('a\n5\n') }, '/entity', 'is_text'],
      ['with a file under another name', { entity: 'customers', upload: csv('a\n6\n') }, '/upload', 'is_text'],
      ['with another field', { entity: 'customers', mode: 'x', file: csv('a\n7\n') }, '/mode', 'unknown_field'],
      ['with an encoding that is none', { entity: 'customers', encoding: 'x', file: csv() }, '/encoding', 'is_in'],
      ['with a field too long', { entity: 'x'.repeat(5_000), file: csv('a\n8\n') }, '/entity', 'max_length'],
      [
        'with a name too long',
        { entity: 'customers', file: csv('a\n9\n', 'x'.repeat(766)) },
        '/file',
        'is_byte_length',
      ],
      [
        'with two files',
        [
          ['entity', 'customers'],
          ['file', csv('a\n10\n')],
          ['file', csv()],
        ],
        '/file',
        'given_twice',
      ],
      [
        'with two entities',
        [
          ['entity', 'a'],
          ['entity', 'b'],
          ['file', csv()],
        ],
        '/entity',
        'given_twice',
      ],
    ])('%s names the field', async (_, fields, pointer, code) => {
      const answer = await send(fields);
      expect(answer).toMatchObject({ status: 400 });
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(new Set(pointers(answer))).toEqual(new Set([pointer]));
      expect(answer.body.errors.map((one: { code: string }) => one.code)).toContain(code);
    });

    it('for what the file is leaves nothing of it', async () => {
      const empty = await send({ entity: 'customers', file: csv('') });
      expect(empty).toMatchObject({ status: 422, body: { code: 'file_empty' } });
      const binary = await send({ file: csv('PK\x03\x04'), entity: 'customers' });
      expect(binary).toMatchObject({ status: 415, body: { code: 'not_csv' } });
    });

    it('for who sends it leaves nothing of it', async () => {
      const reader = await signIn(slice, { grants: ['imports:run'] });
      const form = await formOf({ entity: 'customers', file: csv('First\nNobody\n') });
      const answer = await slice.http('POST', '/api/v1/imports', { token: reader.token, ...form });
      expect(answer).toMatchObject({ status: 403, body: { code: 'permission_missing' } });
    });

    it('as no form, or one that is cut off, says so', async () => {
      const { body, headers } = await formOf({ entity: 'customers', file: csv('a\n11\n') });
      const post = (sent: Buffer, type: string) =>
        slice.http('POST', '/api/v1/imports', { token: clerk.token, body: sent, headers: { 'content-type': type } });
      expect((await post(Buffer.from('{}'), 'application/json')).status).toBe(415);
      expect((await post(body, 'application/octet-stream')).status).toBe(415);
      for (const [sent, type] of [
        [body.subarray(0, -30), headers['content-type']!],
        [body.subarray(0, -70), headers['content-type']!],
        [body.subarray(0, 90), headers['content-type']!],
        [body, 'multipart/form-data'],
        [Buffer.alloc(0), headers['content-type']!],
      ] as const) {
        const { status, body: problem } = await post(sent, type);
        expect([status, problem.code]).toEqual([400, sent.length ? 'form_broken' : 'validation_failed']);
      }
    });

    it('before anything is read, when it says that it is too large', async () => {
      const huge = await send({ entity: 'customers', file: csv() }, { 'content-length': String(1024 ** 3) });
      expect(huge).toMatchObject({ status: 413, body: { code: 'file_too_large' } });
    });

    it('for its size is read as it comes in, and answered while it is sent', async () => {
      const most = MOST_IMPORT_BYTES / MEBIBYTE.length;
      const start = process.memoryUsage().rss;
      let highest = 0;
      const { status, problem } = await stream(
        most + 8,
        () => (highest = Math.max(highest, process.memoryUsage().rss)),
      );
      expect(status).toBe(413);
      expect(problem).toMatchObject({ code: 'file_too_large', most: MOST_IMPORT_BYTES });
      expect(highest - start).toBeLessThan(60 * MEBIBYTE.length);
    });

    it('by its sender, who hangs up in the middle, leaves nothing', async () => {
      const aborted = new AbortController();
      const sent = stream(20, (n) => n === 10 && aborted.abort(), aborted.signal);
      await expect(sent).rejects.toThrow();
      await expect.poll(left, { timeout: 5_000 }).toEqual(before);
    });
  });

  /** So many mebibytes over the wire, in chunks and without saying how many they are. */
  async function stream(mebibytes: number, sees: (n: number) => unknown, signal?: AbortSignal) {
    const part = (about: string) => `--x\r\ncontent-disposition: form-data; ${about}\r\n\r\n`;
    async function* chunks() {
      yield Buffer.from(`${part('name="entity"')}customers\r\n${part('name="file"; filename="a.csv"')}First,Last\n`);
      for (let n = 0; n < mebibytes; n++) {
        yield MEBIBYTE;
        sees(n);
        await new Promise((done) => setImmediate(done));
      }
      yield Buffer.from('\r\n--x--\r\n');
    }
    const headers = { authorization: `Bearer ${clerk.token}`, 'content-type': 'multipart/form-data; boundary=x' };
    const body = ReadableStream.from(chunks());
    const answer = await fetch(url, { method: 'POST', headers, body, duplex: 'half', signal });
    return { status: answer.status, problem: (await answer.json()) as Record<string, unknown> };
  }
});
