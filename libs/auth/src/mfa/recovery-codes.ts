import { createHash, randomBytes } from 'node:crypto';
import { Clock, newId } from '@app/kernel';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

const HOW_MANY = 10;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'; // base32: 5 bits a character, 80 a code
const LENGTH = 16;

/** `k3mz-7qpa-xw2d-rt5u` */
const aCode = (): string => {
  const text = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return (text.match(/.{4}/g) ?? []).join('-');
};

/** People type them with or without dashes, in any case. 80 random bits need no slow hash. */
const hashOf = (userId: string, code: string): Buffer =>
  createHash('sha256')
    .update(`recovery:${userId}:${code.toLowerCase().replace(/[^a-z2-7]/g, '')}`)
    .digest();

/** What lets somebody in whose device is lost: ten codes, each once, kept as hashes. */
@Injectable()
export class RecoveryCodes {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** New ones in place of all former. In the open transaction; nobody can read them again. */
  async issue(userId: string): Promise<string[]> {
    const codes = Array.from({ length: HOW_MANY }, aCode);
    await this.void(userId);
    await this.db.query(
      'insert into recovery_codes (id, user_id, code_hash, created_at) select unnest($1::uuid[]), $2, unnest($3::bytea[]), $4',
      [codes.map(() => newId()), userId, codes.map((code) => hashOf(userId, code)), this.clock.now()],
    );
    return codes;
  }

  /** Of all who try one code at once, one gets true. In the open transaction. */
  async use(userId: string, code: string): Promise<boolean> {
    const used = await this.db.query(
      'update recovery_codes set used_at = $3 where user_id = $1 and code_hash = $2 and used_at is null returning 1',
      [userId, hashOf(userId, code), this.clock.now()],
    );
    return used.length === 1;
  }

  async left(userId: string): Promise<number> {
    const unused = await this.db.query('select 1 from recovery_codes where user_id = $1 and used_at is null', [userId]);
    return unused.length;
  }

  async void(userId: string): Promise<void> {
    await this.db.query('delete from recovery_codes where user_id = $1', [userId]);
  }
}
