import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anAccount, aTenant, authContexts, logIn } from '../testing.js';

const LEAKED = 'four quiet lanterns';

let server: Server;
let slice: Slice;
beforeAll(async () => {
  const suffix = createHash('sha1').update(LEAKED).digest('hex').toUpperCase().slice(5);
  server = createServer((_, reply) => reply.end(`${suffix}:7\r\n`));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { BREACH_RANGE_URL: url, OUTBOUND_PRIVATE_NETWORKS: '127.0.0.0/8' };
  slice = await bootSlice({ contexts: authContexts, env });
});
afterAll(async () => {
  await slice?.close();
  server?.close();
});

it('A password that leaked is chosen by nobody, and one that did not is', async () => {
  const ada = await anAccount(slice, await aTenant(slice, 'north'), 'ada@north.example');
  const { token } = await logIn(slice, ada);
  const change = (newPassword: string) =>
    slice.http('POST', '/api/v1/auth/password/change', { token, body: { currentPassword: ada.password, newPassword } });
  const refused = await change(LEAKED);
  expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([
    400,
    'password_leaked',
    '/newPassword',
  ]);
  expect((await change('nine loud harbours')).status).toBe(200);
});
