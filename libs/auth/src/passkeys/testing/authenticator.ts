import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

type Asked = { readonly challenge: string };
/** What a broken or hostile device or page does otherwise. */
export type Deviation = {
  readonly origin?: string;
  readonly rpId?: string;
  readonly isVerified?: boolean;
  readonly type?: string;
  readonly challenge?: string;
  readonly signCount?: number;
  readonly userHandle?: string;
  readonly key?: KeyObject;
};

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

const base64url = (bytes: Buffer | string): string => Buffer.from(bytes).toString('base64url');
const aKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A passkey in software: Web Authentication Level 2, 6 and 7, by other means than the product's. */
export class Authenticator {
  signCount = 0;
  private readonly pair = aKey();

  constructor(
    private readonly origin: string,
    private readonly rpId: string = new URL(origin).hostname,
    readonly id: Buffer = randomBytes(32),
  ) {}

  /** Another device, which calls its passkey by the same id. */
  twin(): Authenticator {
    return new Authenticator(this.origin, this.rpId, this.id);
  }

  create(asked: Asked, over: Deviation = {}) {
    const length = Buffer.from([0, this.id.length]);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, this.coseKey()]);
    const authData = Buffer.concat([this.head(over, ATTESTED), attested]);
    const object = map([text('fmt'), text('none')], [text('attStmt'), map()], [text('authData'), bytes(authData)]);
    const clientDataJSON = base64url(this.clientData('webauthn.create', asked, over));
    return this.credential({ clientDataJSON, attestationObject: base64url(object), transports: ['internal'] });
  }

  get(asked: Asked, userId: string, over: Deviation = {}) {
    this.signCount++;
    const authData = this.head(over, 0);
    const clientData = this.clientData('webauthn.get', asked, over);
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
    return this.credential({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(authData),
      signature: base64url(sign('sha256', signed, over.key ?? this.pair.privateKey)),
      userHandle: base64url(over.userHandle ?? userId),
    });
  }

  private head({ rpId = this.rpId, isVerified = true, signCount = this.signCount }: Deviation, flags: number): Buffer {
    const head = Buffer.alloc(37);
    createHash('sha256').update(rpId).digest().copy(head);
    head.writeUInt8(PRESENT | (isVerified ? VERIFIED : 0) | flags, 32);
    head.writeUInt32BE(signCount, 33);
    return head;
  }

  private clientData(type: string, { challenge }: Asked, over: Deviation): string {
    return JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false, ...shown(over) });
  }

  private credential<T extends object>(response: T) {
    const id = base64url(this.id);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }

  /** EC2, ES256, P-256 (RFC 9053, 7.1). */
  private coseKey(): Buffer {
    const { x = '', y = '' } = this.pair.publicKey.export({ format: 'jwk' });
    return map(
      [whole(1), whole(2)],
      [whole(3), whole(-7)],
      [whole(-1), whole(1)],
      [whole(-2), bytes(Buffer.from(x, 'base64url'))],
      [whole(-3), bytes(Buffer.from(y, 'base64url'))],
    );
  }
}

export const anotherKey = (): KeyObject => aKey().privateKey;

const shown = ({ origin, type, challenge }: Deviation): object =>
  Object.fromEntries(Object.entries({ origin, type, challenge }).filter(([, value]) => value !== undefined));

// CBOR (RFC 8949), as much of it as this takes.
const whole = (value: number): Buffer => Buffer.from([value >= 0 ? value : 0x20 | (-1 - value)]);
const text = (value: string): Buffer => Buffer.concat([Buffer.from([0x60 | value.length]), Buffer.from(value)]);
const bytes = (value: Buffer): Buffer => Buffer.concat([headOf(value.length), value]);
const headOf = (length: number): Buffer =>
  length < 256 ? Buffer.from([0x58, length]) : Buffer.from([0x59, length >> 8, length & 0xff]);
const map = (...entries: [Buffer, Buffer][]): Buffer =>
  Buffer.concat([Buffer.from([0xa0 | entries.length]), ...entries.flat()]);
