import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What a link leads to. */
export type Linked = { readonly tenantId: string; readonly id: string };

const [ID_BYTES, TIME_BYTES] = [16, 6];
const SAID_BYTES = 2 * ID_BYTES + TIME_BYTES;
const TOKEN = /^[\w-]{94}$/; // what is said and an HMAC-SHA256 of it, in base64url

/** Links that lead to one thing of a tenant without a login: signed for one purpose, and soon over. */
export class SignedLinks {
  private readonly key: Buffer;

  constructor(
    secret: string,
    purpose: string,
    private readonly lifeMs: number,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
  }

  sign({ tenantId, id }: Linked, now: Date): { token: string; expiresAt: Date } {
    const expiresAt = new Date(now.getTime() + this.lifeMs);
    const said = Buffer.concat([bytesOf(tenantId), bytesOf(id), Buffer.alloc(TIME_BYTES)]);
    said.writeUIntBE(expiresAt.getTime(), 2 * ID_BYTES, TIME_BYTES);
    return { token: Buffer.concat([said, this.signatureOf(said)]).toString('base64url'), expiresAt };
  }

  /** Undefined for what is forged or too old: the two are never told apart. */
  read(token: string, now: Date): Linked | undefined {
    if (!TOKEN.test(token)) return undefined;
    const given = Buffer.from(token, 'base64url');
    const said = given.subarray(0, SAID_BYTES);
    if (!timingSafeEqual(given.subarray(SAID_BYTES), this.signatureOf(said))) return undefined;
    if (said.readUIntBE(2 * ID_BYTES, TIME_BYTES) <= now.getTime()) return undefined;
    return { tenantId: idAt(said, 0), id: idAt(said, ID_BYTES) };
  }

  private signatureOf(said: Buffer): Buffer {
    return createHmac('sha256', this.key).update(said).digest();
  }
}

const bytesOf = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const idAt = (said: Buffer, at: number): string =>
  said.toString('hex', at, at + ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
