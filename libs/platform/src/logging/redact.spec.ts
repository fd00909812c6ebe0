import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from './redact.js';
import { redactText } from './redact-text.js';
import { AxiosLikeError, QueryError } from './testing/errors.js';

const CANARY = 'cAnArY-9f8e7d6c5b4a';
const text = (value: unknown, masksContacts = true): string => JSON.stringify(redact(value, masksContacts));

describe('Redaction of fields', () => {
  it.each([
    'password',
    'newPassword',
    'password_hash',
    'token',
    'accessToken',
    'refreshToken',
    'mfaToken',
    'tokens',
    'authorization',
    'Authorization',
    'cookie',
    'set-cookie',
    'secret',
    'clientSecret',
    'apiKey',
    'x-api-key',
    'otp',
    'encryptedKey',
    'ENCRYPTION_KEY',
    'recoveryCodes',
    'cvv',
    'JWT_SECRET',
  ])('takes out %s at any depth', (key) => {
    expect(text({ [key]: CANARY })).not.toContain(CANARY);
    expect(text({ a: [{ b: { [key]: CANARY } }] })).not.toContain(CANARY);
    expect(text({ [key]: { nested: [CANARY] } })).not.toContain(CANARY);
    expect(text(new Map([['headers', { [key]: CANARY }]]))).not.toContain(CANARY);
  });

  it('takes out a secret that is a number', () => {
    expect(redact({ otp: 123456, pin: 1234 }, true)).toEqual({ otp: '[redacted]', pin: '[redacted]' });
  });

  it('leaves what only looks alike', () => {
    const harmless = {
      tokens: 512,
      tokenType: 'Bearer',
      hasPassword: true,
      key: 'customers.created',
      code: 'stale',
      author: 'x',
    };

    expect(redact(harmless, true)).toEqual(harmless);
  });

  it('masks phone numbers by their field, in whatever form, and not at debug', () => {
    const value = { phone: '0911 555 0199', contact: { mobileNumber: 9115550199 } };

    expect(redact(value, true)).toEqual({ phone: '[phone]', contact: { mobileNumber: '[phone]' } });
    expect(redact(value, false)).toEqual(value);
  });

  it('keeps of an error only what names it', () => {
    const told = redact(new QueryError(CANARY), true);

    expect(JSON.stringify(told)).not.toContain(CANARY);
    expect(told).toMatchObject({
      type: 'QueryError',
      code: '23505',
      table: 'users',
      constraint: 'users_email',
      cause: { message: 'why' },
    });
    expect(JSON.stringify(redact({ failed: new AxiosLikeError(CANARY) }, true))).not.toContain(CANARY);
  });

  it('leaves what it is given as it was', () => {
    const value = { password: CANARY, list: [{ email: 'ada@example.com' }] };

    redact(value, true);

    expect(value).toEqual({ password: CANARY, list: [{ email: 'ada@example.com' }] });
  });

  it('ends on what refers to itself, is deep or is wide', () => {
    const loop: Record<string, unknown> = { password: CANARY };
    loop.self = [loop, loop, loop];
    const wide = Array.from({ length: 10_000 }, () => ({ a: {} }));

    expect(text(loop).length).toBeLessThan(20_000);
    expect(text(loop)).not.toContain(CANARY);
    expect(text(wide).length).toBeLessThan(20_000);
  });

  it('takes anything, and never fails', () => {
    fc.assert(fc.property(fc.anything(), (value) => void text({ value })));
  });
});

describe('Redaction of text', () => {
  it.each([
    `Bearer ${CANARY}`,
    `authorization: bearer ${CANARY}`,
    `GET /reset?token=${CANARY}&x=1`,
    `{"password": "${CANARY}"}`,
    `password=${CANARY}`,
    `api_key: ${CANARY}`,
    `postgres://app:${CANARY}@db/nexus`,
    `eyJhbGciOiJIUzI1NiJ9.${CANARY}.${CANARY}`,
    `whsec_${CANARY}`,
  ])('takes the secret out of %s', (given) => {
    expect(redactText(given, false)).not.toContain(CANARY);
  });

  it.each([
    ['mail from ada.lovelace+crm@sub.example.co.uk bounced', 'mail from [email] bounced'],
    ['Key (email)=(ada@example.com) already exists', 'Key (email)=([email]) already exists'],
    ['sms to +49 (30) 901820-1 sent', 'sms to [phone] sent'],
    ['sms to +919115550199', 'sms to [phone]'],
  ])('masks contacts in %s, but not at debug', (given, masked) => {
    expect(redactText(given, true)).toBe(masked);
    expect(redactText(given, false)).toBe(given);
  });

  it('takes out card numbers', () => {
    expect(redactText('paid with 4111 1111 1111 1111 today', false)).toBe('paid with [card] today');
    expect(redactText('paid with 378282246310005', false)).toBe('paid with [card]');
  });

  it.each([
    'Customer 01890a5d-ac96-774b-bcce-b302099a8057 created at 2026-11-02T09:00:00.000Z',
    'Basic information of 20 records, 1762074000000 ms',
    'GET /api/v1/customers/:id took 12.5 ms',
    'order 4111111111111112 is no card',
    'connected to redis://localhost:6379',
    'at node_modules/.pnpm/@nestjs+core@12.5.1/index.js:3:4',
  ])('leaves %s', (given) => {
    expect(redactText(given, true)).toBe(given);
  });

  it('encodes what a terminal would obey', () => {
    expect(redactText('a\u009b31mred\u2028b\u202ec', true)).toBe('a\\u009b31mred\\u2028b\\u202ec');
  });

  it('takes linear time on hostile lines', () => {
    const hostile = [
      'a'.repeat(9e6),
      'a.'.repeat(4e6),
      'a-'.repeat(4_000),
      '+1'.repeat(4_000),
      'eyJ-'.repeat(2_000),
      '4 '.repeat(4_000),
    ];
    const started = process.cpuUsage(); // what others do on the machine does not count

    for (const line of hostile) redactText(`${line}@ token`, true);

    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(500);
  });
});
