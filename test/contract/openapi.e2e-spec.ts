import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from '../support/nexus.js';
import { type OpenApi, samplesOf } from './examples.js';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const bin = (name: string): string => join(ROOT, 'node_modules/.bin', name);

/** These need a secret that nobody can know beforehand, or would end the session of this test. */
const UNREPEATABLE = /^\/api\/v1\/auth\/(refresh|password)/;
const NOBODY = '01920000-0001-7fff-8000-000000000001';

/** What somebody writes who knows the document alone. The marked lines compile only if the types bite. */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

const client = createClient<paths>({ baseUrl: 'http://localhost:3000' });

export async function answer(customerId: string): Promise<components['schemas']['ResponseView'] | undefined> {
  const login = await client.POST('/api/v1/auth/login', { body: { email: 'cso@demo.example', password: 'secret' } });
  const token: string = login.data?.accessToken ?? '';
  const headers = { authorization: \`Bearer \${token}\` };
  const asked = await client.POST('/api/v1/inquiries', { headers, body: { customerId, subject: 'Where?', message: 'Where is it?' } });
  const list = await client.GET('/api/v1/inquiries', { headers, params: { query: { status: 'new', limit: 5 } } });
  const subjects: string[] = list.data?.data.map(({ subject }) => subject ?? 'Not for us') ?? [];
  const draft = await client.POST('/api/v1/responses', { headers, body: { inquiryId: asked.data?.id ?? '', message: subjects.join() } });
  const path = { id: draft.data?.id ?? '' };
  await client.POST('/api/v1/responses/{id}/submit', { headers, params: { path }, body: { revision: 1 } });
  const approved = await client.POST('/api/v1/responses/{id}/approve', { headers, params: { path }, body: { revision: 1 } });
  // @ts-expect-error roles may keep somebody from a subject
  const subject: string | undefined = list.data?.data.map(({ subject }) => subject)[0];
  // @ts-expect-error a revision is a number
  await client.POST('/api/v1/responses/{id}/approve', { headers, params: { path }, body: { revision: 'the last' } });
  // @ts-expect-error there is no such route
  await client.GET('/api/v1/answers');
  // @ts-expect-error a response has no such field
  approved.data?.sender ?? subject;
  return approved.data;
}
`;

describe('the OpenAPI document of the running API', () => {
  let nexus: Nexus;
  let document: OpenApi;
  let admin: Client;
  let folder: string;

  beforeAll(async () => {
    nexus = await Nexus.start();
    admin = await nexus.login('admin');
    document = (await nexus.request('GET', '/api-docs-json')).body as OpenApi;
    // Below node_modules, so that what is generated finds its packages.
    await mkdir(join(ROOT, 'node_modules/.cache'), { recursive: true });
    folder = await mkdtemp(join(ROOT, 'node_modules/.cache/nexus-openapi-'));
    await writeFile(join(folder, 'openapi.json'), JSON.stringify(document));
    await copyFile(join(ROOT, 'redocly.yaml'), join(folder, 'redocly.yaml'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await nexus.stop();
  });

  it('is the same in each of its forms', async () => {
    expect((await nexus.request('GET', '/api/v1/openapi.json')).body).toEqual(document);
    const yaml = await nexus.request('GET', '/api-docs-yaml');
    expect(yaml.status).toBe(200);
    expect(yaml.body).toContain('openapi: 3.');
  });

  it('has no lint error', async () => {
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const lint = run(bin('redocly'), ['lint', 'openapi.json', '--format=json'], {
      cwd: folder,
      env,
      maxBuffer: 2 ** 26,
    });
    const { stdout } = await lint.catch((failure: { stdout: string }) => failure);
    const { totals, problems } = JSON.parse(stdout) as { totals: { errors: number }; problems: { message: string }[] };
    expect({ errors: totals.errors, problems: problems.slice(0, 10).map(({ message }) => message) }).toEqual({
      errors: 0,
      problems: [],
    });
  });

  it('gives a client that compiles and whose types bite', async () => {
    await run(bin('openapi-typescript'), ['openapi.json', '-o', 'schema.d.ts', '--default-non-nullable=false'], {
      cwd: folder,
    });
    await writeFile(join(folder, 'program.ts'), PROGRAM);
    const flags = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--noUncheckedIndexedAccess',
      '--ignoreConfig',
      '--target',
      'es2022',
    ];
    const types = ['--module', 'nodenext', '--moduleResolution', 'nodenext'];
    const compiled = run(bin('tsc'), [...flags, ...types, 'program.ts'], { cwd: folder });
    expect(await compiled.catch(({ stdout }: { stdout: string }) => ({ stdout }))).toMatchObject({ stdout: '' });
  });

  it('fills paths with records of the demo that are there', async () => {
    const shown = samplesOf(document).flatMap(({ method, route, path }) =>
      method === 'GET' && route.includes('{') ? (path ?? []) : [],
    );
    expect(shown.length).toBeGreaterThan(15);
    const polled = samplesOf(document).find(({ method, route }) => method === 'PUT' && route.endsWith('/imap'));
    expect((await admin.put(polled?.path ?? '', polled?.body)).status).toBe(200); // no server is there to be polled in the demo
    for (const path of shown) {
      expect.soft({ path, status: (await admin.get(path)).status }).toEqual({ path, status: 200 });
    }
  });

  it('fills bodies with what the API takes', async () => {
    const filled = samplesOf(document).filter(({ route, hasBody }) => hasBody && !UNREPEATABLE.test(route));
    expect(filled.length).toBeGreaterThan(40);
    const refused: object[] = [];
    for (const { method, route, path, body } of filled) {
      const headers = { authorization: `Bearer ${admin.token}` };
      const answer = await nexus.request(method, path ?? route.replace('{changeId}', '1').replace(/\{\w+\}/g, NOBODY), {
        body,
        headers,
      });
      const { detail, errors } = answer.body;
      if ([400, 415].includes(answer.status)) refused.push({ route: `${method} ${route}`, body, detail, errors });
    }
    expect(refused).toEqual([]);
  });
});
