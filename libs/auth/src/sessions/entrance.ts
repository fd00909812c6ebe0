import { currentRequestId, runAs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MfaLogin } from '../mfa/mfa-login.service.js';
import { type Proof, SecondFactor } from '../mfa/second-factor.js';
import { UsersQueries } from '../users/users.queries.js';
import type { Admitted } from './admission.js';
import { LoginService } from './login.service.js';
import type { Caller } from './origin.js';
import type { EntranceView, Login, LoginMfa, MfaDueView, TokensView } from './sessions.dto.js';
import { currentUser } from './sessions.queries.js';
import { actingPerson, type Opened, type Person, SessionsService, type Tokens } from './sessions.service.js';

/** Coming in and going out as the wire tells it: tokens with the user they are for. */
@Injectable()
export class Entrance {
  constructor(
    private readonly logins: LoginService,
    private readonly secondLogins: MfaLogin,
    private readonly secondFactor: SecondFactor,
    private readonly sessions: SessionsService,
    private readonly users: UsersQueries,
  ) {}

  async login(
    { email, username, identifier, password, tenant, otp, deviceToken, captcha }: Login,
    from: Caller,
  ): Promise<EntranceView | MfaDueView> {
    const origin = { ...from, deviceToken };
    const knock = { identifier: identifier ?? email ?? username ?? '', password, tenant, captcha };
    const admitted = await this.logins.login(knock, origin);
    if (otp && 'mfaToken' in admitted)
      return this.enter(await this.secondLogins.login(admitted.mfaToken, proofIn(otp), origin));
    return this.tell(admitted);
  }

  /** What somebody is answered who has shown a first factor. */
  async tell(admitted: Admitted): Promise<EntranceView | MfaDueView> {
    if ('person' in admitted) return this.enter(admitted);
    return { mfaRequired: true, ...admitted };
  }

  async loginMfa({ mfaToken, deviceToken, ...proof }: LoginMfa, from: Caller): Promise<EntranceView> {
    return this.enter(await this.secondLogins.login(mfaToken, proof, { ...from, deviceToken }));
  }

  async refresh(refreshToken: string): Promise<TokensView> {
    const { person, ...tokens } = await this.sessions.refresh(refreshToken);
    return this.answer(person, tokens);
  }

  /** A session for somebody who has proved who they are by other means than a login: by their password, for what it is worth. */
  async admit(person: Person, from: Caller): Promise<EntranceView> {
    const opened = await runAs(actingPerson(person), currentRequestId(), async () => {
      const isProven = !(await this.secondFactor.isInForce(person.userId));
      return this.sessions.open(person, from, 'password', isProven);
    });
    return this.enter({ ...opened, person });
  }

  logout(): Promise<void> {
    const { id, sessionId } = currentUser();
    return this.sessions.end(id, sessionId ?? '', 'logged_out');
  }

  async logoutAll(): Promise<void> {
    await this.sessions.endAll(currentUser().id, 'logged_out_everywhere');
  }

  end(sessionId: string): Promise<void> {
    return this.sessions.end(currentUser().id, sessionId, 'ended_by_user');
  }

  /** Somebody who has a session. */
  async enter({ person, deviceToken, ...tokens }: Opened & { person: Person }): Promise<EntranceView> {
    return { ...(await this.answer(person, tokens)), deviceToken };
  }

  private async answer(person: Person, { accessToken, refreshToken, expiresIn }: Tokens): Promise<TokensView> {
    const user = await runAs(actingPerson(person), currentRequestId(), () => this.users.view(person.userId));
    return { token: accessToken, accessToken, refreshToken, tokenType: 'Bearer', expiresIn, user };
  }
}

/** One field for both: whoever types a recovery code where a code is asked for means it. */
const proofIn = (otp: string): Proof =>
  /^\d{6}$/.test(otp.replace(/\s/g, '')) ? { code: otp.replace(/\s/g, '') } : { recoveryCode: otp };
