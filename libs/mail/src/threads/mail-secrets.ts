import { hkdfSync } from 'node:crypto';
import { Config } from '@app/platform';
import { Injectable } from '@nestjs/common';

const PURPOSE = 'nexus mail threading';

/** The keys that sign Message-IDs and reply addresses: one per tenant, derived (RFC 5869) and stored nowhere. */
@Injectable()
export class MailSecrets {
  constructor(private readonly config: Config) {}

  /** The current one first; former ones still verify what was sent before the encryption key changed. */
  of(tenantId: string): readonly string[] {
    const keys = [this.config.ENCRYPTION_KEY, ...this.config.ENCRYPTION_KEYS_RETIRED];
    return keys.map((key) => Buffer.from(hkdfSync('sha256', key, tenantId, PURPOSE, 32)).toString('hex'));
  }
}
