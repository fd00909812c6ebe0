import { createSecretKey, type KeyObject } from 'node:crypto';
import { Clock, isId } from '@app/kernel';
import { BadCredential, Config } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

export type AccessClaims = {
  readonly userId: string;
  readonly tenantId: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
};
type Claims = {
  sub?: unknown;
  tid?: unknown;
  sid?: unknown;
  typ?: unknown;
  iat?: unknown;
  nbf?: unknown;
  exp?: unknown;
};

const ALGORITHM = 'HS256';
const ISSUER = 'nexus';
const AUDIENCE = 'nexus-api';
const SKEW_SECONDS = 5; // between the clocks of two API processes
const MOST_GENUINE = 5000;

/** A string would be tried as a public key on every verification: 650 µs instead of 15. */
const keyOf = (config: Config): KeyObject => createSecretKey(Buffer.from(config.JWT_SECRET, 'utf8'));

/** Only what we write ourselves: a header that names a key, a certificate or a critical extension is not ours. */
function isOurHeader(token: string): boolean {
  try {
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as Record<
      string,
      unknown
    >;
    return (
      header.alg === ALGORITHM &&
      Object.keys(header).every((name) => name === 'alg' || (name === 'typ' && header.typ === 'JWT'))
    );
  } catch {
    return false;
  }
}

/** passport-jwt with algorithm, issuer and audience pinned. Times are judged by the application's clock, in `read`. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'nexus-access') {
  constructor(
    config: Config,
    private readonly clock: Clock,
  ) {
    const key = keyOf(config);
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: (_request: unknown, token: string, done: (error: Error | null, key?: KeyObject) => void) =>
        isOurHeader(token) ? done(null, key) : done(new BadCredential()),
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      ignoreExpiration: true,
      jsonWebTokenOptions: { ignoreNotBefore: true },
    } as never);
  }

  validate(claims: Claims): Claims {
    this.read(claims);
    return claims;
  }

  /** @throws BadCredential unless these are the claims of an access token that is good now */
  read({ sub, tid, sid, typ, iat, nbf, exp }: Claims): AccessClaims {
    const now = this.clock.now().getTime() / 1000;
    const isTimely =
      isTime(iat) &&
      isTime(exp) &&
      exp > now &&
      iat <= now + SKEW_SECONDS &&
      (nbf === undefined || (isTime(nbf) && nbf <= now + SKEW_SECONDS));
    if (typ !== 'access' || !isTimely || !isId(sub) || !isId(tid) || !isId(sid)) throw new BadCredential();
    return { userId: sub, tenantId: tid, sessionId: sid, expiresAt: new Date(exp * 1000) };
  }
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

type Outcome = { success(claims: Claims): void; fail(): void; error(): void };

/** Access tokens: signed here, good for minutes, and worth only what their session is worth at the moment. */
@Injectable()
export class AccessTokens {
  private readonly signer: JwtService;
  /** What was signed by us stays so: a token is verified when it is first seen, and its times are judged each time. */
  private readonly genuine = new Map<string, Claims>();

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly strategy: JwtStrategy,
  ) {
    this.signer = new JwtService({
      secret: keyOf(config),
      signOptions: { algorithm: ALGORITHM, issuer: ISSUER, audience: AUDIENCE },
    });
  }

  get lifeSeconds(): number {
    return this.config.JWT_EXPIRATION;
  }

  /** `mostSeconds`: it lives no longer, however long others do. */
  issue({ userId, tenantId, sessionId }: Omit<AccessClaims, 'expiresAt'>, mostSeconds = Infinity): string {
    const iat = Math.floor(this.clock.now().getTime() / 1000);
    return this.signer.sign({
      sub: userId,
      tid: tenantId,
      sid: sessionId,
      typ: 'access',
      iat,
      nbf: iat,
      exp: iat + Math.min(this.lifeSeconds, mostSeconds),
    });
  }

  /** Of a token that was verified before; else undefined. @throws BadCredential when its time is over */
  known(token: string): AccessClaims | undefined {
    const claims = this.genuine.get(token);
    return claims && this.strategy.read(claims);
  }

  /** @throws BadCredential whatever is wrong with it */
  async verify(token: string): Promise<AccessClaims> {
    const claims = await this.authenticate(token);
    if (this.genuine.size >= MOST_GENUINE) this.genuine.delete(this.genuine.keys().next().value as string);
    this.genuine.set(token, claims);
    return this.strategy.read(claims);
  }

  private authenticate(token: string): Promise<Claims> {
    return new Promise((resolve, reject) => {
      const refuse = (): void => reject(new BadCredential());
      const outcome: Outcome = { success: resolve, fail: refuse, error: refuse };
      // passport's own way of running a strategy: an object derived from it that knows where the outcome goes
      const run = Object.assign(Object.create(this.strategy) as { authenticate(request: object): void }, outcome);
      run.authenticate({ headers: { authorization: `Bearer ${token}` } });
    });
  }
}
