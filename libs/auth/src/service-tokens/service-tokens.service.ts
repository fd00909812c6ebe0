import { randomBytes } from 'node:crypto';
import { Clock, Invalid } from '@app/kernel';
import { currentActor, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { assertCovered, knownGrants } from '../access/grants.js';
import { keyHash } from '../access/nexus-authenticator.js';
import { GrantUnknown } from '../roles/role.errors.js';
import { currentUser } from '../sessions/sessions.queries.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { ServiceToken } from './service-token.entity.js';

class ExpiryPast extends Invalid {
  constructor() {
    super('expiry_past', 'The key would be dead already', {
      errors: [{ pointer: '/expiresAt', code: 'expiry_past', message: 'must be in the future' }],
    });
  }
}

export type Wanted = { name: string; grants: string[]; expiresAt: Date | null; allowedFrom: string[] };

@Injectable()
export class ServiceTokensService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * The key is in the answer and nowhere else. Only people make keys: one that makes others would outlive its own end.
   * @throws UsersOnly, GrantUnknown, ExceedsOwnGrants, ExpiryPast
   */
  async issue({ name, grants, expiresAt, allowedFrom }: Wanted): Promise<{ id: string; key: string }> {
    const { id: createdBy } = currentUser();
    const unknown = grants.filter((grant) => !knownGrants().has(grant));
    if (unknown.length) throw new GrantUnknown(unknown);
    assertCovered(currentActor(), grants);
    if (expiresAt && expiresAt <= this.clock.now()) throw new ExpiryPast();
    const prefix = `nxs_${randomBytes(4).toString('hex')}`;
    const key = `${prefix}_${randomBytes(32).toString('base64url')}`;
    const token = ServiceToken.issue({
      name,
      grants,
      expiresAt,
      allowedFrom,
      prefix,
      keyHash: keyHash(key),
      createdBy,
    });
    return { id: (await this.db.create(token)).id, key };
  }

  /** Dead when this returns. */
  async revoke(id: string, version?: number): Promise<void> {
    await this.db.change(ServiceToken, id, version, (token) => token.revoke(this.clock.now()));
    await this.sessions.forget([id]);
  }
}
