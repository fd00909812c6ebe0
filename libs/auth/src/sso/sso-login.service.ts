import { DomainError } from '@app/kernel';
import { currentRequestId, Database, RecordNotFound, runAs, runAsSystem, runOutside } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Admission, type Admitted } from '../sessions/admission.js';
import type { Caller } from '../sessions/origin.js';
import { currentUser } from '../sessions/sessions.queries.js';
import { actingPerson, type Person } from '../sessions/sessions.service.js';
import { SsoAccounts } from './sso-accounts.js';
import { SsoAnswers } from './sso-answers.js';
import { type AttemptOwner, type Link, SsoAttempts } from './sso-attempts.js';
import { SsoProvider } from './sso-provider.entity.js';
import { SsoRefused } from './sso.errors.js';

export type SentAway = { readonly url: string; readonly browser: string };
type Known = { readonly person: Person; readonly isProven: boolean };
export type ProviderCard = { readonly id: string; readonly name: string };

const SYSTEM = 'auth.single-sign-on';

/** Logging in by another system's word. It stands for the password alone: a second factor is still due. */
@Injectable()
export class SsoLogin {
  constructor(
    private readonly db: Database,
    private readonly attempts: SsoAttempts,
    private readonly answers: SsoAnswers,
    private readonly accounts: SsoAccounts,
    private readonly admission: Admission,
  ) {}

  /** The providers that speak for the domain of an address; the same answer for people that exist and others. */
  providersOf(email: string): Promise<ProviderCard[]> {
    const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
    return runOutside(() => this.db.query<ProviderCard>('select * from sso_providers_of($1)', [domain]));
  }

  /** @throws RecordNotFound, SsoUnavailable */
  async start(providerId: string, isFresh: boolean): Promise<SentAway> {
    const owner = await runOutside(() =>
      this.db.one<{ tenant_id: string }>('select * from sso_provider_owner($1)', [providerId]),
    );
    if (!owner) throw new RecordNotFound('identity provider', providerId);
    return runAsSystem(owner.tenant_id, SYSTEM, currentRequestId(), () => this.sendAway(providerId, null, isFresh));
  }

  /** For whoever acts, to link the identity with the account. @throws RecordNotFound, SsoUnavailable */
  startLink(providerId: string): Promise<SentAway> {
    const { id: userId, sessionId } = currentUser();
    return this.sendAway(providerId, { userId, sessionId: sessionId ?? '' }, false);
  }

  /** @throws SsoRefused, SsoUnavailable, and why nobody here is meant */
  async finish(providerId: string, query: URLSearchParams, browser: string, caller: Caller): Promise<Admitted> {
    const state = query.get('state') ?? '';
    const owner = await this.attempts.ownerOf(state);
    if (owner?.provider_id !== providerId) throw new SsoRefused();
    const { person, isProven } = await runAsSystem(owner.tenant_id, SYSTEM, currentRequestId(), () =>
      this.judge(owner, query, state, browser).catch((error: unknown) => this.refused(providerId, error, caller)),
    );
    return runAs(actingPerson(person), currentRequestId(), () => this.admission.admit(person, caller, 'sso', isProven));
  }

  private async judge(owner: AttemptOwner, query: URLSearchParams, state: string, browser: string): Promise<Known> {
    const taken = await this.attempts.take(owner.attempt_id, browser);
    if (!taken) throw new SsoRefused();
    const provider = await this.db.get(SsoProvider, owner.provider_id);
    const vouched = await this.answers.read(provider, query, state, taken);
    const person = taken.linkUserId
      ? await this.accounts.link(provider, vouched, taken.linkUserId)
      : await this.accounts.personOf(provider, vouched);
    return { person, isProven: vouched.isFresh };
  }

  private async sendAway(providerId: string, link: Link | null, isFresh: boolean): Promise<SentAway> {
    const provider = await this.db.get(SsoProvider, providerId);
    if (!provider.isEnabled) throw new RecordNotFound('identity provider', providerId);
    const begun = await this.attempts.begin(providerId, link);
    return { url: await this.answers.askAt(provider, begun, isFresh), browser: begun.browser };
  }

  private async refused(providerId: string, error: unknown, { ip, userAgent }: Caller): Promise<never> {
    const code = error instanceof DomainError ? error.code : 'failed';
    await this.db.audit('sso_providers', providerId, 'login_refused', { after: { code, ip, userAgent } });
    throw error;
  }
}
