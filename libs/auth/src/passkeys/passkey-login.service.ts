import { currentRequestId, runAs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { StepUpService } from '../mfa/step-up.service.js';
import type { Origin } from '../sessions/login-throttle.js';
import type { Caller } from '../sessions/origin.js';
import { currentUser } from '../sessions/sessions.queries.js';
import { actingPerson, type Opened, type Person, SessionsService } from '../sessions/sessions.service.js';
import { PasskeyIsNoProof, PasskeyRefused } from './passkey.errors.js';
import { PasskeyProofs, type Shown } from './passkey-proofs.js';

/** What a passkey opens: a session, and what asks for a fresh proof. */
@Injectable()
export class PasskeyLogin {
  constructor(
    private readonly proofs: PasskeyProofs,
    private readonly sessions: SessionsService,
    private readonly steps: StepUpService,
  ) {}

  /** Possession and what opens the device are two factors: no other is due. @throws PasskeyRefused */
  async login(response: AuthenticationResponseJSON, origin: Origin): Promise<Opened & { person: Person }> {
    const shown = await this.proofs.receive(response);
    const { tenant_id: tenantId, user_id: userId, name } = shown.owner;
    const person = { tenantId, userId, name };
    return runAs(actingPerson(person), currentRequestId(), async () => {
      const opened = await this.proofs.accept(shown, origin, () => this.sessions.open(person, origin, 'passkey'));
      return { ...opened, person };
    });
  }

  /** For the session of whoever acts, by a passkey of theirs. Answers until when it counts. @throws PasskeyIsNoProof */
  async stepUp(response: AuthenticationResponseJSON, caller: Caller): Promise<Date> {
    const { id } = currentUser();
    const isNoProof = (error: unknown): never => {
      throw error instanceof PasskeyRefused ? new PasskeyIsNoProof() : error;
    };
    const shown: Shown = await this.proofs.receive(response).catch(isNoProof);
    if (shown.owner.user_id !== id) throw new PasskeyIsNoProof();
    return this.proofs.accept(shown, caller, () => this.steps.prove('passkey')).catch(isNoProof);
  }
}
