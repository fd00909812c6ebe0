import { Unsupported } from '@app/kernel';
import { type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { Authenticator, BadCredential, readCredential } from '../access/index.js';
import { Config } from '../config/index.js';

export const RAW_MAIL = 'message/rfc822';
export const RAW_MAIL_LIMIT = 25 * 1024 * 1024;

type Takes = { takesRawMail?: boolean };

/** The route's body may be a raw mail. */
export const TakesRawMail = (): MethodDecorator => RouteConfig({ takesRawMail: true } satisfies Takes);

class RawMailUnexpected extends Unsupported {
  constructor() {
    super('unsupported_content_type', 'This route takes no raw mail');
  }
}

/**
 * A raw mail may be 25 times as large as any other body, and bodies are read before the guard runs: one is read only where
 * it is wanted, and only from somebody whose token is good. What they may is the guard's to say.
 */
export class RawMailDoor {
  constructor(private readonly app: NestFastifyApplication) {}

  /** Hands `done` RawMailUnexpected or BadCredential where the body may not be read. */
  admit(request: FastifyRequest, done: (refusal?: Error) => void): void {
    if (!request.headers['content-type']?.toLowerCase().includes(RAW_MAIL)) return done();
    this.assertWanted(request).then(() => done(), done);
  }

  private async assertWanted({ headers, routeOptions }: FastifyRequest): Promise<void> {
    if (!(routeOptions.config as Takes).takesRawMail) throw new RawMailUnexpected();
    const credential = readCredential(headers, this.app.get(Config).AUTH_ALLOW_RAW_JWT);
    if (!credential) throw new BadCredential();
    await this.app.get(Authenticator, { strict: false }).read(credential);
  }
}
