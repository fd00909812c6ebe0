import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { Turns } from './turns.js';

/** OWASP's second choice for Argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const WANTED = `$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}$`;
// Each hash takes a thread of libuv's four: with all of them taken, files and DNS would wait behind logins.
const AT_ONCE = Math.min(3, availableParallelism());
const MOST_WAITING = 64;

/**
 * Argon2id over the exact bytes of a password: nothing is trimmed, folded or cut. Hashing is the one expensive thing a
 * stranger can ask for, so it goes by turns: `inTurn` around everything that hashes.
 */
@Injectable()
export class PasswordHasher {
  private readonly turns = new Turns(AT_ONCE, MOST_WAITING);
  private decoy: Promise<string> | undefined;

  /** @throws TooManyWaiting when the queue is full */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.take(work);
  }

  hash(password: string): Promise<string> {
    return hash(Buffer.from(password, 'utf8'), PARAMETERS);
  }

  /** Takes as long for nobody's password (`null`) as for somebody's. */
  async matches(stored: string | null, password: string): Promise<boolean> {
    const fits = await verify(stored ?? (await this.nobodys()), Buffer.from(password, 'utf8')).catch(() => false);
    return stored !== null && fits;
  }

  isOutdated(stored: string): boolean {
    return !stored.startsWith(WANTED);
  }

  private nobodys(): Promise<string> {
    return (this.decoy ??= this.hash('nobody has this password'));
  }
}
