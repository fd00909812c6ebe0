import { createHash } from 'node:crypto';
import { Config, Outbound } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { LeakedPasswords } from './leaked-passwords.js';

const PREFIX = 5;
const LIMITS = { milliseconds: 1500, bytes: 256 * 1024 }; // a padded range has at most some 1,000 lines of 45 bytes
const LINE = /^([0-9A-F]{35}):(\d{1,10})$/i;

/**
 * The range API of Have I Been Pwned, or a copy of it in the house: the first five hex digits of the password's SHA-1 go
 * out, and all suffixes that it knows come back, so that nobody learns which one was meant (k-anonymity). Padding hides how
 * many there are; its lines count 0. https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange
 *
 * Down, slow or odd, it knows nothing: the list that comes along with Nexus then decides alone.
 */
@Injectable()
export class RangeList extends LeakedPasswords {
  private readonly log = new Logger('leaked-passwords');

  constructor(
    private readonly config: Config,
    private readonly outbound: Outbound,
  ) {
    super();
  }

  override async has(password: string): Promise<boolean> {
    const base = this.config.BREACH_RANGE_URL;
    if (base === undefined) return false;
    const hash = createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase();
    try {
      const lines = await this.range(base, hash.slice(0, PREFIX));
      return lines.some(({ suffix, count }) => count > 0 && suffix === hash.slice(PREFIX));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.log.warn({ error: why }, 'leaked passwords could not be looked up: the local list decided alone');
      return false;
    }
  }

  private async range(base: string, prefix: string): Promise<{ suffix: string; count: number }[]> {
    const headers = { 'add-padding': 'true', accept: 'text/plain', 'user-agent': 'nexus' };
    const reply = await this.outbound.fetch(`${base.replace(/\/$/, '')}/${prefix}`, { headers }, LIMITS);
    if (reply.status !== 200) throw new Error(`it answered ${reply.status}`);
    const lines = (await reply.text()).split(/\r?\n/).filter(Boolean);
    return lines.map((line) => {
      const [, suffix, count] = LINE.exec(line) ?? [];
      if (!suffix) throw new Error('it answered something else');
      return { suffix: suffix.toUpperCase(), count: Number(count) };
    });
  }
}
