import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/index.js';

/** Where a secret rests. It opens there and nowhere else: copied to another row, column or tenant it is worth nothing. */
export type RestingPlace = {
  readonly tenantId: string;
  readonly table: string;
  readonly column: string;
  readonly id: string;
};

type Key = { readonly id: string; readonly bytes: Buffer };

const VERSION = 'v1';
const PURPOSE = 'nexus secrets at rest 1';
const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12; // NIST SP 800-38D, 8.2.2: random, 96 bits
const TAG_BYTES = 16;

/** A secret that does not open: altered, moved, or under a key that is neither the current one nor a retired one. */
export class SecretUnreadable extends Error {
  constructor(why: string) {
    super(`A secret at rest cannot be read: ${why}`);
    this.name = 'SecretUnreadable';
  }
}

/**
 * Secrets that have to be read back, such as the key of a second factor: AES-256-GCM under a key derived (RFC 5869) from
 * the encryption key, bound to where they rest. The text names its key, `v1.<key>.<iv, ciphertext and tag>`: after a change
 * of ENCRYPTION_KEY what is under a retired one still opens, and `isCurrent` tells who should seal it anew.
 */
@Injectable()
export class SecretsAtRest {
  private readonly current: Key;
  private readonly known: ReadonlyMap<string, Key>;

  constructor(config: Config) {
    this.current = keyOf(config.ENCRYPTION_KEY);
    this.known = new Map([...config.ENCRYPTION_KEYS_RETIRED.map(keyOf), this.current].map((key) => [key.id, key]));
  }

  seal(secret: string, place: RestingPlace): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.current.bytes, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(this.current.id, place));
    const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${VERSION}.${this.current.id}.${sealed.toString('base64url')}`;
  }

  /** @throws SecretUnreadable */
  open(sealed: string, place: RestingPlace): string {
    const [version, keyId = '', text = '', ...rest] = sealed.split('.');
    if (version !== VERSION || rest.length) throw new SecretUnreadable('its form is unknown');
    const key = this.known.get(keyId);
    if (!key) throw new SecretUnreadable(`there is no key ${keyId}`);
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES) throw new SecretUnreadable('it is too short');
    const decipher = createDecipheriv(ALGORITHM, key.bytes, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(key.id, place)).setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const opened = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    } catch {
      throw new SecretUnreadable('it was altered, or belongs elsewhere');
    }
  }

  /** Whether it is sealed under today's key. */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(this.currentMark);
  }

  /** How everything begins that is sealed under today's key: for counting what is not. */
  get currentMark(): string {
    return `${VERSION}.${this.current.id}.`;
  }
}

const boundTo = (keyId: string, { tenantId, table, column, id }: RestingPlace): Buffer =>
  Buffer.from(JSON.stringify([VERSION, keyId, tenantId, table, column, id]));

function keyOf(material: Buffer): Key {
  const bytes = Buffer.from(hkdfSync('sha256', material, '', PURPOSE, 32));
  const id = createHash('sha256').update('id of ').update(bytes).digest('hex').slice(0, 12);
  return { id, bytes };
}
