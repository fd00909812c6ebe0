import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from '../../support/nexus.js';

/** What the source asks of every route: one shape of errors, headers, logs, health, and Swagger that can be switched off. */
describe('Customer Nexus Hub: what stands across all', () => {
  let nexus: Nexus;
  let admin: Client;

  beforeAll(async () => {
    nexus = await Nexus.start({ workers: 0 });
    admin = await nexus.login('admin');
  });
  afterAll(() => nexus.stop());

  it('answers errors in one shape, without a stack', async () => {
    const problems = await Promise.all([
      admin.get('nowhere'),
      admin.get('customers/1'),
      nexus.request('GET', 'customers'),
      admin.post('customers', undefined, { raw: { type: 'application/json', body: '{ "firstName": ' } }),
    ]);
    expect(problems.map(({ status }) => status)).toEqual([404, 400, 401, 400]);
    for (const { status, headers, body } of problems) {
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(body).toMatchObject({
        type: expect.any(String),
        title: expect.any(String),
        status,
        statusCode: status,
        detail: expect.any(String),
        message: expect.any(String),
        instance: expect.stringMatching(/^\/api\/v1\//),
        code: expect.stringMatching(/^[a-z_]+$/),
        requestId: headers.get('x-request-id'),
      });
      expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|\.js:|select /i);
    }
  });

  it('sends the security headers', async () => {
    const page = await nexus.request('GET', '/api-docs');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const { headers } = await admin.get('customers?limit=1');
    expect(headers.get('content-security-policy')).toContain('default-src');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('logs each request', async () => {
    const { headers } = await admin.get('customers?limit=1');
    const id = headers.get('x-request-id') ?? 'none';
    await expect
      .poll(() => nexus.api.output.split('\n').find((line) => line.includes(id)))
      .toContain('/api/v1/customers');
  });

  it('pings the database and Redis for its health', async () => {
    for (const path of ['/health', '/api/v1/health']) {
      expect(await nexus.request('GET', path)).toMatchObject({
        status: 200,
        body: { status: 'ok', details: { database: { status: 'up' }, redis: { status: 'up' } } },
      });
    }
  });

  it('has no documentation where it is switched off', async () => {
    await nexus.api.stop();
    await nexus.api.start({ SWAGGER_ENABLED: 'false' });
    for (const path of ['/api-docs', '/api-docs-json', '/api-docs-yaml', '/api/v1/openapi.json']) {
      expect((await nexus.request('GET', path)).status).toBe(404);
    }
    expect((await admin.get('customers?limit=1')).status).toBe(200);
  });
});
