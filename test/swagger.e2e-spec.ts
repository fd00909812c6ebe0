import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from './support/browser.js';
import { type Answer, Nexus } from './support/nexus.js';

/** As somebody uses it who sees the API for the first time. */
describe('the documentation in a browser', () => {
  let nexus: Nexus;
  let browser: Browser;
  let page: Page;
  const hosts = new Set<string>();

  beforeAll(async () => {
    nexus = await Nexus.start();
    browser = await openBrowser();
    page = browser.page;
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await arrive();
  });
  afterAll(async () => {
    await browser.close();
    await nexus.stop();
  });

  /** Takes many seconds of a slow machine, so that those share a visit who leave nothing behind. */
  async function arrive(): Promise<void> {
    await page.goto(`${nexus.url}/api-docs`);
    await page.locator('.operation-filter-input').waitFor();
  }

  /** The operation, unfolded: `POST /api/v1/auth/login` of the context `auth`. */
  async function open(context: string, route: string): Promise<Locator> {
    const [method = '', path = ''] = route.split(' ');
    await unfold(page.locator(`#operations-tag-${context}`), 'data-is-open', 'true', '.expand-operation');
    const summary = page.locator(`[data-path="${path}"]`);
    const operation = page.locator(`.opblock-${method.toLowerCase()}`, { has: summary });
    await unfold(operation, 'class', 'is-open', '.opblock-summary-control');
    return operation;
  }

  /** By clicks until it is open: one is lost where the page is drawn anew just then. */
  async function unfold(part: Locator, attribute: string, whenOpen: string, control: string): Promise<void> {
    const standing = async (): Promise<string> => (await part.getAttribute(attribute)) ?? '';
    const asked = async (): Promise<string> => {
      if ((await standing()).includes(whenOpen)) return standing();
      await part.locator(control).click({ timeout: 5_000 });
      return standing();
    };
    await expect.poll(asked, { timeout: 20_000, interval: 300 }).toContain(whenOpen);
  }

  async function execute(operation: Locator): Promise<Pick<Answer, 'status' | 'body'>> {
    await operation.locator('button.execute').click();
    const answer = operation.locator('.live-responses-table .response');
    await answer.waitFor();
    const body = await answer.locator('.response-col_description code').first().innerText();
    return { status: Number(await answer.locator('.response-col_status').innerText()), body: JSON.parse(body) };
  }

  async function authorise(token: string): Promise<void> {
    await page.locator('.btn.authorize').click();
    const dialog = page.locator('.auth-container', { hasText: 'bearer' });
    await dialog.locator('input').fill(token);
    await dialog.locator('button.authorize').click();
    await page.locator('.btn-done').first().click();
  }

  const padlock = () => page.locator('.btn.authorize').getAttribute('class');

  it('loads nothing from elsewhere, and its page has no fault of its own', async () => {
    await page.waitForLoadState('networkidle');
    expect([...hosts]).toEqual([new URL(nexus.url).host]);
    expect(browser.errors).toEqual([]);
  });

  it('begins with a line for each context, in the order of the work', async () => {
    const tags = await page.locator('.opblock-tag > a').allInnerTexts();
    expect(tags.slice(0, 5)).toEqual(['auth', 'customers', 'inquiries', 'responses', 'approvals']);
    const heights = await page.locator('.opblock-tag').evaluateAll((all) => all.map((one) => one.clientHeight));
    expect(Math.max(...heights)).toBeLessThan(80);
  });

  it('answers without a token with what is missing', async () => {
    const { status, body } = await execute(await open('audit', 'GET /api/v1/audit/verify'));
    expect({ status, code: body.code }).toEqual({ status: 401, code: expect.stringMatching(/^[a-z_]+$/) });
  });

  it('says why a login is refused', async () => {
    const admin = await nexus.login('admin');
    const { body } = await admin.get('users?email=hr@demo.example');
    expect((await admin.post(`users/${body.data[0].id}/deactivate`)).status).toBe(200);
    await page.locator('#login-as').selectOption('hr@demo.example');
    const state = page.locator('#login-state[data-state=refused]');
    await state.waitFor();
    expect(await state.innerText()).toMatch(/\w{4,}/);
    expect(await padlock()).toContain('unlocked');
  });

  it('logs a manager in by one choice, who approves the response of the example', async () => {
    await page.locator('#login-as').selectOption('manager@demo.example');
    await page.locator('#login-state', { hasText: 'Authorised as manager@demo.example' }).waitFor();
    expect(await padlock()).toContain('locked');
    const { status, body } = await execute(await open('responses', 'POST /api/v1/responses/{id}/approve'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: '01920000-0001-7009-8000-000000000002', status: 'approved', revision: 1 });
    const { rows } = await nexus.superuser.query<{ email: string }>(
      `select u.email from responses r join users u on u.id = r.approved_by and u.tenant_id = r.tenant_id where r.id = $1`,
      [body.id],
    );
    expect(rows).toEqual([{ email: 'manager@demo.example' }]);
  });

  it('logs an officer in by the form and the dialog, who may not approve', async () => {
    await page.evaluate('localStorage.clear()');
    await arrive();
    expect(await padlock()).toContain('unlocked');
    const login = await execute(await open('auth', 'POST /api/v1/auth/login'));
    expect(login).toMatchObject({ status: 200, body: { user: { email: 'cso@demo.example' } } });
    await authorise(login.body.accessToken);
    expect(await padlock()).toContain('locked');
    const inquiry = await execute(await open('inquiries', 'POST /api/v1/inquiries/{id}/take'));
    expect(inquiry).toMatchObject({ status: 200, body: { assignedTo: login.body.user.id, status: 'open' } });
    const refused = await execute(await open('responses', 'POST /api/v1/responses/{id}/reject'));
    expect(refused).toMatchObject({
      status: 403,
      body: { code: 'permission_missing', permission: 'approvals:decide' },
    });
  });

  it('keeps who is logged in over a reload', async () => {
    await page.locator('#login-as').selectOption('admin@demo.example');
    await page.locator('#login-state[data-state=authorised]').waitFor();
    await page.reload();
    await page.locator('.operation-filter-input').waitFor();
    const { status, body } = await execute(await open('customers', 'GET /api/v1/customers/{id}'));
    expect({ status, id: body.id }).toEqual({ status: 200, id: '01920000-0001-7004-8000-000000000001' });
  });

  it('takes the file of an import by its chooser', async () => {
    const operation = await open('transfers', 'POST /api/v1/imports');
    const buffer = Buffer.from('First name,Last name,E-mail\nGrace,Hopper,grace@navy.example\n');
    await operation.locator('input[type=file]').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer });
    const { status, body } = await execute(operation);
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { entity: 'customers', name: 'customers.csv', columns: ['First name', 'Last name', 'E-mail'] },
    });
  });
});
