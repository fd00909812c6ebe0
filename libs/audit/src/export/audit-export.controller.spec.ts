import { createHash, createPublicKey, verify } from 'node:crypto';
import { authContexts, type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditFacade } from '../audit.facade.js';
import { auditContext } from '../index.js';
import { aTrail, sealAll } from '../testing.js';

type Line = Record<string, string | number | null> & { kind: string };
const ZERO = Buffer.alloc(32);
const sha256 = (...parts: (Buffer | string)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const bytes = (hex: string | number | null | undefined): Buffer | undefined =>
  typeof hex === 'string' ? Buffer.from(hex.replaceAll('-', ''), 'hex') : undefined;

/** Checks an export with nothing but its own lines; the seq of the first row that is wrong. */
function firstWrong(lines: readonly Line[]): number | undefined {
  let link = bytes(lines[0]!.genesis)!;
  for (const line of lines.filter(({ kind }) => kind === 'row')) {
    const [row, before, after] = [bytes(line.rowHash)!, bytes(line.beforeHash), bytes(line.afterHash)];
    link = sha256(link, row, before ?? ZERO, after ?? ZERO);
    const isPayload = (hash: Buffer | undefined, text: unknown): boolean =>
      line.erasedAt !== null ||
      (hash === undefined ? text === null : sha256(bytes(line.salt)!, text as string).equals(hash));
    const isRow = typeof line.row === 'string' && sha256(line.row).equals(row);
    if (!isRow || !isPayload(before, line.before) || !isPayload(after, line.after) || !link.equals(bytes(line.link)!))
      return Number(line.seq);
  }
  return undefined;
}

describe('GET /audit/export', () => {
  let slice: Slice;
  let auditor: SignedIn;
  let tenantId: string;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, auditContext] });
    tenantId = newId();
    auditor = await signIn(slice, { tenantId, grants: ['audit:export', 'audit:read'] });
    await aTrail(slice, { tenantId, rows: 1100 });
  });
  afterAll(() => slice?.close());

  const exported = async (): Promise<Line[]> => {
    const headers = { authorization: `Bearer ${auditor.token}` };
    const answer = await slice.app.inject({ method: 'GET', url: '/api/v1/audit/export', headers });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    return answer.payload
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Line);
  };

  it('gives every sealed row, and proves itself without the database', async () => {
    const lines = await exported();
    expect(lines.filter(({ kind }) => kind === 'row').length).toBe(lines[0]!.upToSeq);
    expect(lines[0]!.upToSeq).toBeGreaterThan(1100);
    expect(firstWrong(lines)).toBeUndefined();
    const { checkpoint, publicKey } = lines.at(-1) as unknown as {
      checkpoint: Record<string, string>;
      publicKey: string;
    };
    expect(checkpoint.link).toBe(lines.at(-2)!.link);
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    const { seq, link, at, signature } = checkpoint;
    const message = Buffer.from(JSON.stringify(['nexus audit checkpoint 1', tenantId, seq, link, at]));
    expect(verify(null, message, key, Buffer.from(signature!, 'base64url'))).toBe(true);
  });

  it('shows what was altered in it: a word, a row that is gone, two that changed places', async () => {
    const lines = await exported();
    const altered = lines.map((line) => (line.seq === 7 ? { ...line, after: '{"phone": "other"}' } : line));
    const shortened = lines.filter(({ seq }) => seq !== 9);
    const swapped = [...lines.slice(0, 11), lines[12]!, lines[11]!, ...lines.slice(13)];
    expect([altered, shortened, swapped].map(firstWrong)).toEqual([7, 10, 12]);
  });

  it('still proves itself after an erasure', async () => {
    await slice.as(auditor.actor, () => slice.get(AuditFacade).erase('customers', '5'));
    await sealAll(slice);
    const lines = await exported();
    expect(lines.filter(({ erasedAt }) => typeof erasedAt === 'string').length).toBe(1);
    expect(firstWrong(lines)).toBeUndefined();
  });

  it('is on record itself, and needs its permission and a fresh proof', async () => {
    await exported();
    const { rows } = await slice.superuser.query(
      "select actor_id from audit_log where tenant_id = $1 and entity = 'audit_log' and action = 'exported' limit 1",
      [tenantId],
    );
    expect(rows).toEqual([{ actor_id: auditor.userId }]);
    const reader = await signIn(slice, { tenantId, grants: ['audit:read'] });
    const refused = await slice.http('GET', '/api/v1/audit/export', { token: reader.token });
    expect([refused.status, refused.body.permission]).toEqual([403, 'audit:export']);
    const late = await signIn(slice, { tenantId, grants: ['audit:export'] });
    await slice.superuser.query("update sessions set proven_at = now() - interval '11 minutes' where id = $1", [
      late.sessionId,
    ]);
    const stale = await slice.http('GET', '/api/v1/audit/export', { token: late.token });
    expect([stale.status, stale.body.code]).toEqual([403, 'step_up_required']);
  });
});
