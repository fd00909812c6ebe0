import { createHash, randomBytes } from 'node:crypto';
import { Clock, newId } from '@app/kernel';
import { currentTenantId, Database, type RestingPlace, runOutside, SecretsAtRest } from '@app/platform';
import { Injectable } from '@nestjs/common';

export const ATTEMPT_SECONDS = 600;

/** What goes along to the provider, and `browser`, which stays with the one who began. */
export type Begun = {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly browser: string;
};
export type Link = { readonly userId: string; readonly sessionId: string };
export type Taken = Pick<Begun, 'nonce' | 'verifier'> & { readonly linkUserId: string | null };
export type AttemptOwner = { readonly tenant_id: string; readonly attempt_id: string; readonly provider_id: string };

type Row = { nonce: string; code_verifier: string; link_user_id: string | null };

// A session that has ended links nothing any more: whoever it was stolen from has ended it.
const TAKE = `update sso_attempts a set used_at = $3
  where a.id = $1 and a.browser_hash = $2 and a.used_at is null and a.expires_at > $3
    and (a.link_session_id is null or exists (
      select 1 from sessions s where s.id = a.link_session_id and s.revoked_at is null and s.expires_at > $3))
  returning a.nonce, a.code_verifier, a.link_user_id`;

const random = (): string => randomBytes(32).toString('base64url');
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const placeOfVerifier = (tenantId: string, id: string): RestingPlace => ({
  tenantId,
  table: 'sso_attempts',
  column: 'code_verifier',
  id,
});

/** Between the way to a provider and the way back: ten minutes, once, in the browser that began it. */
@Injectable()
export class SsoAttempts {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly secrets: SecretsAtRest,
  ) {}

  /** `link`: whose account the identity is to be linked with, and the session that asked; null for a login. */
  async begin(providerId: string, link: Link | null): Promise<Begun> {
    const begun = { state: random(), nonce: random(), verifier: random(), browser: random() };
    const id = newId();
    const now = this.clock.now();
    const sealed = this.secrets.seal(begun.verifier, placeOfVerifier(currentTenantId(), id));
    const expiresAt = new Date(now.getTime() + ATTEMPT_SECONDS * 1000);
    await this.db.query(
      `insert into sso_attempts (id, provider_id, link_user_id, link_session_id, state_hash, browser_hash, nonce, code_verifier, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        id,
        providerId,
        link?.userId ?? null,
        link?.sessionId ?? null,
        hashOf(begun.state),
        hashOf(begun.browser),
        begun.nonce,
        sealed,
        now,
        expiresAt,
      ],
    );
    return begun;
  }

  /** Whose it is, while it is alive: asked through the system door. */
  ownerOf(state: string): Promise<AttemptOwner | undefined> {
    const values = [hashOf(state), this.clock.now()];
    return runOutside(() => this.db.one<AttemptOwner>('select * from sso_attempt_owner($1, $2)', values));
  }

  /** Uses it up, whatever comes of it. Undefined for another browser than the one that began, and the second time. */
  async take(id: string, browser: string): Promise<Taken | undefined> {
    const row = await this.db.one<Row>(TAKE, [id, hashOf(browser), this.clock.now()]);
    if (!row) return undefined;
    const verifier = this.secrets.open(row.code_verifier, placeOfVerifier(currentTenantId(), id));
    return { nonce: row.nonce, verifier, linkUserId: row.link_user_id };
  }
}
