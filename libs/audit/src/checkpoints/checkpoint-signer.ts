import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto';
import { Config } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Checkpoint, SignedCheckpoint } from './checkpoint.js';

type SigningKey = { readonly id: string; readonly secret: KeyObject; readonly open: KeyObject };

const PURPOSE = 'nexus audit checkpoint 1';
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410, section 7: the seed follows

/** Ed25519 under a key derived from the encryption key: whoever holds the public half can check, nobody else can sign. */
@Injectable()
export class CheckpointSigner {
  private readonly current: SigningKey;
  private readonly known: ReadonlyMap<string, SigningKey>;

  constructor(config: Config) {
    this.current = deriveKey(config.ENCRYPTION_KEY);
    const all = [this.current, ...config.ENCRYPTION_KEYS_RETIRED.map(deriveKey)];
    this.known = new Map(all.map((key) => [key.id, key]));
  }

  /** With which anybody checks a signature of the current key: raw Ed25519, base64url (RFC 8032). */
  get publicKey(): string {
    return (this.current.open.export({ format: 'jwk' }) as { x: string }).x;
  }

  sign(checkpoint: Checkpoint): SignedCheckpoint {
    const signature = sign(null, messageOf(checkpoint), this.current.secret).toString('base64url');
    return { ...checkpoint, keyId: this.current.id, signature };
  }

  check(checkpoint: SignedCheckpoint): 'genuine' | 'forged' | 'unknown_key' {
    const key = this.known.get(checkpoint.keyId);
    if (!key) return 'unknown_key';
    const isGenuine = verify(null, messageOf(checkpoint), key.open, Buffer.from(checkpoint.signature, 'base64url'));
    return isGenuine ? 'genuine' : 'forged';
  }
}

const messageOf = ({ tenantId, seq, link, at }: Checkpoint): Buffer =>
  Buffer.from(JSON.stringify([PURPOSE, tenantId, seq, link, at]));

function deriveKey(material: Buffer): SigningKey {
  const seed = Buffer.from(hkdfSync('sha256', material, '', PURPOSE, 32));
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const open = createPublicKey(secret);
  const id = createHash('sha256')
    .update(open.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16);
  return { id, secret, open };
}
