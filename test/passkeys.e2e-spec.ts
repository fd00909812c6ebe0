import { anAccount, aTenant, authContexts, logIn } from '@app/auth/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from './support/browser.js';

const ORIGIN = 'http://localhost:3000';
const AUTHENTICATOR = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  automaticPresenceSimulation: true,
} as const;

/** The page's half, as a client writes it: what the API answers goes to the browser, and comes back as `toJSON` says. */
const CREATE = `async (options) => (await navigator.credentials.create({
  publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })).toJSON()`;
const GET = `async (options) => (await navigator.credentials.get({
  publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })).toJSON()`;

describe('A passkey of a real browser', () => {
  let slice: Slice;
  let browser: Browser;
  beforeAll(async () => {
    [slice, browser] = await Promise.all([bootSlice({ contexts: authContexts }), openBrowser()]);
    await browser.page.route(`${ORIGIN}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '<p>Nexus' }));
    await browser.page.goto(ORIGIN);
  });
  afterAll(async () => {
    await browser?.close();
    await slice?.close();
  });

  const post = (path: string, body: object, token?: string) =>
    slice.http('POST', `/api/v1/auth/${path}`, { body, token });
  const inPage = (half: string, options: object): Promise<object> =>
    browser.page.evaluate(`(${half})(${JSON.stringify(options)})`);

  it('is added, lets its owner in, and does not without its PIN or finger', async () => {
    const cdp = await browser.page.context().newCDPSession(browser.page);
    await cdp.send('WebAuthn.enable');
    const options = { ...AUTHENTICATOR, isUserVerified: true };
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
    const ada = await anAccount(slice, await aTenant(slice, 'north'), 'ada@north.example');
    const { token } = await logIn(slice, ada);

    const asked = (await post('passkeys/options', {}, token)).body.publicKey;
    const credential = await inPage(CREATE, asked);
    expect((await post('passkeys', { name: 'Chromium', credential }, token)).status).toBe(201);

    const signed = await inPage(GET, (await post('login/passkey/options', {})).body.publicKey);
    const login = await post('login/passkey', { credential: signed });
    expect([login.status, login.body.user?.id]).toEqual([200, ada.id]);
    expect((await post('login/passkey', { credential: signed })).body.code).toBe('passkey_refused');

    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    const preferred = { ...(await post('login/passkey/options', {})).body.publicKey, userVerification: 'discouraged' };
    const unverified = await inPage(GET, preferred);
    expect((await post('login/passkey', { credential: unverified })).body.code).toBe('passkey_refused');
  });
});
