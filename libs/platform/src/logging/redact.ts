import { redactText } from './redact-text.js';

const REDACTED = '[redacted]';
const DEEPEST = 6;
const MOST_NODES = 500;

const SECRET_PARTS =
  /password|passwd|passphrase|secret|tokens?$|apikey|authorization|cookie|privatekey|encryptedkey|encryptionkey|recoverycode|credential|cardnumber/;
const SECRET_NAMES = new Set(['otp', 'totp', 'pin', 'cvv', 'cvc', 'pwd', 'jwt']);
const PHONE_NAMES = /phone|mobile|msisdn|whatsapp|^tel$|^fax$/;

type Sensitivity = 'open' | 'secret' | 'phone';
const known = new Map<string, Sensitivity>();

function sensitivityOf(key: string): Sensitivity {
  const before = known.get(key);
  if (before) return before;
  const name = key.toLowerCase().replace(/[^a-z]/g, '');
  const secret = SECRET_PARTS.test(name) || SECRET_NAMES.has(name);
  const found: Sensitivity = secret ? 'secret' : PHONE_NAMES.test(name) ? 'phone' : 'open';
  // Keys can come from outside: the memory of them is bounded.
  if (known.size < 5_000) known.set(key, found);
  return found;
}

/** A copy of `value` that may be logged: no secrets at any depth, no contacts when `masksContacts`, bounded in size. */
export function redact(value: unknown, masksContacts: boolean): unknown {
  return new Redaction(masksContacts).copy(value, 0);
}

class Redaction {
  private nodes = 0;

  constructor(private readonly masksContacts: boolean) {}

  copy(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return redactText(value, this.masksContacts);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Date) return value;
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (depth >= DEEPEST || ++this.nodes > MOST_NODES) return '[…]';
    if (value instanceof Error) return this.error(value, depth);
    if (Array.isArray(value)) return value.slice(0, 100).map((item) => this.copy(item, depth + 1));
    if (value instanceof Map || value instanceof Set) return this.copy([...value], depth + 1);
    return this.fields(value, depth);
  }

  private fields(value: object, depth: number): Record<string, unknown> {
    const copied: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(value)) {
      copied[redactText(key, this.masksContacts)] = this.field(key, field, depth);
    }
    return copied;
  }

  private field(key: string, value: unknown, depth: number): unknown {
    const sensitivity = sensitivityOf(key);
    if (sensitivity === 'open' || tellsNothing(value)) return this.copy(value, depth + 1);
    // `tokens: 512` counts what a language model used.
    if (sensitivity === 'secret') return typeof value === 'number' && key.endsWith('okens') ? value : REDACTED;
    return this.masksContacts ? '[phone]' : this.copy(value, depth + 1);
  }

  /** Only these: a driver's error also carries the statement's parameters and the row that it could not write. */
  private error(error: Error, depth: number): Record<string, unknown> {
    const { code, status, table, constraint } = error as Error & Record<string, unknown>;
    return {
      type: error.name,
      message: redactText(error.message, this.masksContacts),
      stack: redactText(error.stack ?? '', this.masksContacts),
      ...Object.fromEntries(
        Object.entries({ code, status, table, constraint }).filter(([, field]) =>
          ['string', 'number'].includes(typeof field),
        ),
      ),
      ...(error.cause === undefined ? {} : { cause: this.copy(error.cause, depth + 1) }),
    };
  }
}

/** Whether there is a secret, not which. */
const tellsNothing = (value: unknown): boolean =>
  value === null || value === undefined || typeof value === 'boolean' || value === '[set]' || value === '[not set]';
