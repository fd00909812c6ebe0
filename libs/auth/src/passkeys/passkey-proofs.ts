import { createHash, randomBytes } from 'node:crypto';
import { Clock, isId } from '@app/kernel';
import { Database, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Caller } from '../sessions/origin.js';
import { Passkey } from './passkey.entity.js';
import { PasskeyRefused } from './passkey.errors.js';
import { CHALLENGE_SECONDS, PasskeyPlace } from './passkey-place.js';
import { webauthn } from './webauthn.js';

type Owner = {
  readonly tenant_id: string;
  readonly passkey_id: string;
  readonly user_id: string;
  readonly name: string;
};
/** What somebody showed, and whose passkey it says it is of. Nothing is proved yet but that it signs a challenge of ours. */
export type Shown = {
  readonly owner: Owner;
  readonly challenge: string;
  readonly response: AuthenticationResponseJSON;
};
type Use = { readonly signCount: number; readonly isBackedUp: boolean };

const LONGEST = 10_000;

const hashOf = (challenge: string): Buffer => createHash('sha256').update(`passkey:${challenge}`).digest();

/** Showing a passkey: the device, and the PIN, finger or face that opens it. */
@Injectable()
export class PasskeyProofs {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly place: PasskeyPlace,
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

  /** Uses up the challenge, whatever comes of it. @throws PasskeyRefused */
  async receive(response: AuthenticationResponseJSON): Promise<Shown> {
    if (!isWellFormed(response)) throw new PasskeyRefused();
    const challenge = await this.taken(response);
    const values = [response.id, handleIn(response)];
    const owner = await runOutside(() => this.db.one<Owner>('select * from passkey_owner($1, $2)', values));
    if (!owner) throw new PasskeyRefused();
    return { owner, challenge, response };
  }

  /** As its owner; runs `work` in the transaction that counts the use. @throws PasskeyRefused */
  async accept<T extends object>(shown: Shown, { ip, userAgent }: Caller, work: () => Promise<T>): Promise<T> {
    const { passkey_id: id, user_id: userId } = shown.owner;
    const { signCount, isBackedUp } = await this.judge(await this.db.get(Passkey, id), shown);
    const done = await this.db.transaction(async () => {
      const passkey = await this.db.lock(Passkey, id);
      if (!passkey.countsOn(signCount)) return undefined;
      passkey.use(signCount, isBackedUp, this.clock.now());
      await this.db.save(passkey);
      return work();
    });
    if (done) return done;
    await this.db.audit('users', userId, 'passkey_copied', { after: { passkeyId: id, ip, userAgent } });
    throw new PasskeyRefused();
  }

  private async judge(passkey: Passkey, { response, challenge }: Shown): Promise<Use> {
    const { verifyAuthenticationResponse } = await webauthn();
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
