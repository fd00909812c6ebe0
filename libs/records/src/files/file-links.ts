import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Clock } from '@app/kernel';
import { Config } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { FileLinkUnknown } from './file.errors.js';
import { LINK_LIFE_MS } from './file.policy.js';

export type Linked = { readonly tenantId: string; readonly versionId: string };

const [ID_BYTES, TIME_BYTES] = [16, 6];
const SAID_BYTES = 2 * ID_BYTES + TIME_BYTES;
const TOKEN = /^[\w-]{94}$/; // what is said and an HMAC-SHA256 of it, in base64url

/** Links that lead to one version of a file without a login: signed, and soon over. */
@Injectable()
export class FileLinks {
  private readonly key: Buffer;

  constructor(
    config: Config,
    private readonly clock: Clock,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', config.JWT_SECRET, '', 'nexus file links 1', 32));
  }

  sign({ tenantId, versionId }: Linked): { token: string; expiresAt: Date } {
    const expiresAt = new Date(this.clock.now().getTime() + LINK_LIFE_MS);
    const said = Buffer.concat([bytesOf(tenantId), bytesOf(versionId), Buffer.alloc(TIME_BYTES)]);
    said.writeUIntBE(expiresAt.getTime(), 2 * ID_BYTES, TIME_BYTES);
    return { token: Buffer.concat([said, this.signatureOf(said)]).toString('base64url'), expiresAt };
  }

  /** @throws FileLinkUnknown */
  read(token: string): Linked {
    if (!TOKEN.test(token)) throw new FileLinkUnknown();
    const given = Buffer.from(token, 'base64url');
    const said = given.subarray(0, SAID_BYTES);
    if (!timingSafeEqual(given.subarray(SAID_BYTES), this.signatureOf(said))) throw new FileLinkUnknown();
    if (said.readUIntBE(2 * ID_BYTES, TIME_BYTES) <= this.clock.now().getTime()) throw new FileLinkUnknown();
    return { tenantId: idAt(said, 0), versionId: idAt(said, ID_BYTES) };
  }

  private signatureOf(said: Buffer): Buffer {
    return createHmac('sha256', this.key).update(said).digest();
  }
}

const bytesOf = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const idAt = (said: Buffer, at: number): string =>
  said.toString('hex', at, at + ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
