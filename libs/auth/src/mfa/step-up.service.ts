import { Clock } from '@app/kernel';
import { Database, STEP_UP_SECONDS } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Origin } from '../sessions/login-throttle.js';
import { Session } from '../sessions/session.entity.js';
import { currentUser } from '../sessions/sessions.queries.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { CodeNeeded } from './mfa.errors.js';
import { OwnProof, type OwnProofGiven } from './own-proof.js';
import { type Factor, SecondFactor } from './second-factor.js';

/** For what a session alone must not do: its person shows once more that it is them. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly secondFactor: SecondFactor,
    private readonly proof: OwnProof,
    private readonly sessions: SessionsService,
  ) {}

  /** Answers until when it counts, for this session alone. @throws CodeNeeded, WrongPassword, CodeRefused, LoginDelayed */
  async stepUp(given: OwnProofGiven, origin: Origin): Promise<Date> {
    const { id } = currentUser();
    if (given.password !== undefined && (await this.secondFactor.isInForce(id))) throw new CodeNeeded();
    return this.proof.demand(given, origin, (factor) => this.prove(factor));
  }

  /** In the open transaction, once `factor` was shown. */
  async prove(factor: Factor): Promise<Date> {
    const { id, sessionId } = currentUser();
    const now = this.clock.now();
    await this.db.audit('users', id, 'stepped_up', { after: { sessionId, factor } });
    const session = await this.db.change(Session, sessionId ?? '', undefined, (found) => found.prove(now));
    await this.sessions.forget([session.id]);
    return new Date(now.getTime() + STEP_UP_SECONDS * 1000);
  }
}
