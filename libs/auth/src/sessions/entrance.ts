import { currentRequestId, runAs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { UsersQueries } from '../users/users.queries.js';
import { LoginService } from './login.service.js';
import type { Caller } from './origin.js';
import type { EntranceView, Login, TokensView } from './sessions.dto.js';
import { currentUser } from './sessions.queries.js';
import { actingPerson, type Person, SessionsService, type Tokens } from './sessions.service.js';

/** Coming in and going out as the wire tells it: tokens with the user they are for. */
@Injectable()
export class Entrance {
  constructor(
    private readonly logins: LoginService,
    private readonly sessions: SessionsService,
    private readonly users: UsersQueries,
  ) {}

  async login(
    { email, username, identifier, password, tenant, deviceToken }: Login,
    from: Caller,
  ): Promise<EntranceView> {
    const name = identifier ?? email ?? username ?? '';
    const { person, ...opened } = await this.logins.login(
      { identifier: name, password, tenant },
      { ...from, deviceToken },
    );
    return { ...(await this.answer(person, opened)), deviceToken: opened.deviceToken };
  }

  async refresh(refreshToken: string): Promise<TokensView> {
    const { person, ...tokens } = await this.sessions.refresh(refreshToken);
    return this.answer(person, tokens);
  }

  /** A session for somebody who has proved who they are by other means than a login. */
  async admit(person: Person, from: Caller): Promise<EntranceView> {
    const opened = await runAs(actingPerson(person), currentRequestId(), () => this.sessions.open(person, from));
    return { ...(await this.answer(person, opened)), deviceToken: opened.deviceToken };
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

  private async answer(person: Person, { accessToken, refreshToken, expiresIn }: Tokens): Promise<TokensView> {
    const user = await runAs(actingPerson(person), currentRequestId(), () => this.users.view(person.userId));
    return { token: accessToken, accessToken, refreshToken, tokenType: 'Bearer', expiresIn, user };
  }
}
