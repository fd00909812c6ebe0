import { Authenticator } from '@app/platform';
import { Global, Module } from '@nestjs/common';
import { AccessTokens, JwtStrategy } from './access/access-tokens.js';
import { NexusAuthenticator } from './access/nexus-authenticator.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { Entrance } from './sessions/entrance.js';
import { LoginService } from './sessions/login.service.js';
import { LoginThrottle } from './sessions/login-throttle.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsQueries } from './sessions/sessions.queries.js';
import { SessionsService } from './sessions/sessions.service.js';
import { UsersQueries } from './users/users.queries.js';

const ACCESS = [
  JwtStrategy,
  AccessTokens,
  NexusAuthenticator,
  { provide: Authenticator, useExisting: NexusAuthenticator },
];
const SESSIONS = [
  PasswordHasher,
  LoginThrottle,
  LoginService,
  SessionsService,
  SessionsQueries,
  Entrance,
  UsersQueries,
];

/** Global: the platform's access guard asks it who calls. */
@Global()
@Module({
  providers: [...ACCESS, ...SESSIONS],
  exports: [Authenticator, AccessTokens, Entrance, SessionsQueries, SessionsService],
})
export class AuthModule {}

@Module({ imports: [AuthModule], controllers: [SessionsController] })
export class AuthApiModule {}

@Module({ imports: [AuthModule] })
export class AuthWorkerModule {}
