import { createHash, randomBytes } from 'node:crypto';
import { Clock, isId } from '@app/kernel';
import { currentRequestId, Database, runAs, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';
import {
  type AuthenticationResponseJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server';
import type { Origin } from '../sessions/login-throttle.js';
import { actingPerson, type Opened, type Person, SessionsService } from '../sessions/sessions.service.js';
import { Passkey } from './passkey.entity.js';
import { PasskeyRefused } from './passkey.errors.js';
import { CHALLENGE_SECONDS, PasskeyPlace } from './passkey-place.js';

type Owner = { tenant_id: string; passkey_id: string; user_id: string; name: string };
type Use = { readonly signCount: number; readonly isBackedUp: boolean };

const LONGEST = 10_000;

const hashOf = (challenge: string): Buffer => createHash('sha256').update(`passkey:${challenge}`).digest();

/** A login by a passkey alone: the device, and the PIN or finger that opens it. */
@Injectable()
export class PasskeyLogin {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly place: PasskeyPlace,
    private readonly sessions: SessionsService,
  ) {}

  /** For `navigator.credentials.get`: any passkey of this page will do. What is to be signed counts once, for five minutes. */
  async begin(): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const challenge = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const until = new Date(now.getTime() + CHALLENGE_SECONDS * 1000);
    await runOutside(() => this.db.query('select passkey_login_begun($1, $2, $3)', [hashOf(challenge), now, until]));
    const { rpId } = this.place;
    return { challenge, rpId, timeout: CHALLENGE_SECONDS * 1000, userVerification: 'required', allowCredentials: [] };
  }

  /** @throws PasskeyRefused */
  async login(response: AuthenticationResponseJSON, origin: Origin): Promise<Opened & { person: Person }> {
    if (!isWellFormed(response)) throw new PasskeyRefused();
    const challenge = await this.taken(response);
    const values = [response.id, handleIn(response)];
    const owner = await runOutside(() => this.db.one<Owner>('select * from passkey_owner($1, $2)', values));
    if (!owner) throw new PasskeyRefused();
    const person = { tenantId: owner.tenant_id, userId: owner.user_id, name: owner.name };
    return runAs(actingPerson(person), currentRequestId(), () =>
      this.enter(owner, person, response, challenge, origin),
    );
  }

  private async enter(
    { passkey_id: id }: Owner,
    person: Person,
    response: AuthenticationResponseJSON,
    challenge: string,
    origin: Origin,
  ): Promise<Opened & { person: Person }> {
    const known = await this.db.get(Passkey, id);
    const use = await this.judge(known, response, challenge);
    const opened = await this.db.transaction(async () => {
      const passkey = await this.db.lock(Passkey, id);
      if (!passkey.countsOn(use.signCount)) return undefined;
      passkey.use(use.signCount, use.isBackedUp, this.clock.now());
      await this.db.save(passkey);
      return this.sessions.open(person, origin, 'passkey');
    });
    if (opened) return { ...opened, person };
    const { ip, userAgent } = origin;
    await this.db.audit('users', person.userId, 'passkey_copied', { after: { passkeyId: id, ip, userAgent } });
    throw new PasskeyRefused();
  }

  private async judge(passkey: Passkey, response: AuthenticationResponseJSON, challenge: string): Promise<Use> {
    const verified = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: this.place.origins,
      expectedRPID: this.place.rpId,
      requireUserVerification: true,
      // the count is judged below, under the lock, and its fall is put on record
      credential: { id: passkey.credentialId, publicKey: new Uint8Array(passkey.publicKey), counter: 0 },
    }).catch(() => undefined);
    if (!verified?.verified) throw new PasskeyRefused();
    const { newCounter: signCount, credentialBackedUp: isBackedUp } = verified.authenticationInfo;
    return { signCount, isBackedUp };
  }

  /** The challenge that was signed, if it was ours: from now on it is not. */
  private async taken({ response }: AuthenticationResponseJSON): Promise<string> {
    const challenge = challengeIn(response.clientDataJSON);
    const found = await runOutside(() =>
      this.db.one<{ taken: boolean }>('select passkey_login_taken($1, $2) as taken', [
        hashOf(challenge),
        this.clock.now(),
      ]),
    );
    if (!found?.taken) throw new PasskeyRefused();
    return challenge;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST;

function isWellFormed({ id, response }: AuthenticationResponseJSON): boolean {
  const parts = (response ?? {}) as Partial<AuthenticationResponseJSON['response']>;
  return [id, parts.clientDataJSON, parts.authenticatorData, parts.signature, parts.userHandle].every(isText);
}

/** The person whom the device names, as it was told when the passkey was made: a passkey of ours always does. */
function handleIn({ response: { userHandle = '' } }: AuthenticationResponseJSON): string {
  const handle = Buffer.from(userHandle, 'base64url').toString('utf8');
  if (!isId(handle)) throw new PasskeyRefused();
  return handle;
}

function challengeIn(clientData: string): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientData, 'base64url').toString('utf8')) as { challenge?: unknown };
    return typeof challenge === 'string' ? challenge : '';
  } catch {
    return '';
  }
}
