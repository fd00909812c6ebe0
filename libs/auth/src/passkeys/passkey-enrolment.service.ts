import { randomBytes } from 'node:crypto';
import { Clock } from '@app/kernel';
import { Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
  VerifiedRegistrationResponse,
} from '@simplewebauthn/server';
import { FactorChanges } from '../mfa/factor-changes.js';
import { currentUser } from '../sessions/sessions.queries.js';
import { HOLD_USER } from '../users/user-lock.js';
import { Passkey } from './passkey.entity.js';
import { PasskeyExists, PasskeyNotAdded, TooManyPasskeys } from './passkey.errors.js';
import { ALGORITHMS, CHALLENGE_SECONDS, PasskeyPlace } from './passkey-place.js';
import { webauthn } from './webauthn.js';

const MOST = 20;
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];

type Whose = { readonly email: string; readonly name: string; readonly title: string };
type Own = { readonly id: string; readonly transports: string[] };
type Made = Extract<VerifiedRegistrationResponse, { verified: true }>['registrationInfo'];

const WHOSE = `select u.email, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) as name, t.title
  from users u join tenants t on t.tenant_id = u.tenant_id and t.id = u.tenant_id where u.id = $1`;

/** Passkeys of whoever acts: asked for, added, removed. */
@Injectable()
export class PasskeyEnrolment {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly place: PasskeyPlace,
    private readonly changes: FactorChanges,
  ) {}

  /** For `navigator.credentials.create`. It counts in this session, for five minutes; asked again, the former is void. */
  async begin(): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { id, sessionId } = currentUser();
    const challenge = randomBytes(32).toString('base64url');
    const expiresAt = new Date(this.clock.now().getTime() + CHALLENGE_SECONDS * 1000);
    await this.db.query(
      `insert into passkey_enrolments (session_id, challenge, expires_at) values ($1, $2, $3)
       on conflict (tenant_id, session_id) do update set challenge = excluded.challenge, expires_at = excluded.expires_at`,
      [sessionId, challenge, expiresAt],
    );
    const { email, name, title } = (await this.db.one<Whose>(WHOSE, [id])) as Whose;
    const own = await this.db.query<Own>('select credential_id as id, transports from passkeys where user_id = $1', [
      id,
    ]);
    return {
      challenge,
      rp: { id: this.place.rpId, name: title },
      user: { id: Buffer.from(id).toString('base64url'), name: email, displayName: name },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      timeout: CHALLENGE_SECONDS * 1000,
      attestation: 'none',
      excludeCredentials: own.map(({ id: credential }) => ({ type: 'public-key', id: credential })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    };
  }

  /**
   * In force from the commit on; every other session of the person is over. Answers recovery codes where there were none, the
   * only time that they are shown. @throws PasskeyNotAdded, PasskeyExists, TooManyPasskeys
   */
  async add(name: string, response: RegistrationResponseJSON): Promise<{ id: string; recoveryCodes: string[] }> {
    const { id: userId, sessionId } = currentUser();
    const { credential, credentialBackedUp: isBackedUp } = await this.judge(sessionId ?? '', response);
    const passkey = Passkey.add({
      userId,
      name,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      signCount: credential.counter,
      transports: transportsIn(credential.transports),
      isBackedUp,
    });
    return this.db.transaction(async () => {
      await this.db.query(HOLD_USER, [userId]);
      const own = await this.db.query('select 1 from passkeys where user_id = $1', [userId]);
      if (own.length >= MOST) throw new TooManyPasskeys(MOST);
      await this.db.create(passkey).catch(onConstraint('passkeys_credential_is_one', () => new PasskeyExists()));
      return { id: passkey.id, recoveryCodes: await this.changes.added(userId, sessionId ?? '') };
    });
  }

  /** One of whoever acts. @throws RecordNotFound */
  async remove(id: string): Promise<void> {
    const { id: userId } = currentUser();
    await this.db.transaction(async () => {
      await this.db.query(HOLD_USER, [userId]);
      const passkey = await this.ownOf(id, userId);
      passkey.remove();
      await this.db.remove(passkey);
      await this.changes.removed(userId, 'factor-removed');
    });
  }

  /** Somebody else's is not there. */
  private async ownOf(id: string, userId: string): Promise<Passkey> {
    const passkey = await this.db.lock(Passkey, id);
    if (passkey.userId !== userId) throw new RecordNotFound('passkey', id);
    return passkey;
  }

  private async judge(sessionId: string, response: RegistrationResponseJSON): Promise<Made> {
    const challenge = await this.take(sessionId);
    const { verifyRegistrationResponse } = await webauthn();
    const verified = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: this.place.origins,
      expectedRPID: this.place.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch(() => undefined);
    if (!verified?.verified) throw new PasskeyNotAdded();
    return verified.registrationInfo;
  }

  private async take(sessionId: string): Promise<string> {
    const [taken] = await this.db.query<{ challenge: string; expires_at: Date }>(
      'delete from passkey_enrolments where session_id = $1 returning challenge, expires_at',
      [sessionId],
    );
    if (!taken || taken.expires_at <= this.clock.now()) throw new PasskeyNotAdded();
    return taken.challenge;
  }
}

/** What the page says of them; hints for the next time, and no more. */
const transportsIn = (given: unknown): string[] =>
  Array.isArray(given) ? TRANSPORTS.filter((one) => given.includes(one)) : [];
