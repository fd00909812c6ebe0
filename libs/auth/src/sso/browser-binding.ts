import { Config } from '@app/platform';
import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ATTEMPT_SECONDS } from './sso-attempts.js';
import type { SsoStartView } from './sso.dto.js';
import type { SentAway } from './sso-login.service.js';

const COOKIE = 'nexus_sso';
const FORM = /(?:^|;\s*)nexus_sso=([A-Za-z0-9_-]{43})(?:;|$)/;

/** What the browser was given when it began; empty when it is another. */
export const BegunHere = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return FORM.exec(headers.cookie ?? '')?.[1] ?? '';
});

/**
 * Only who began a login may finish it: else somebody could be made to finish another's, and work in a stranger's account
 * (RFC 9700, 4.7). The one cookie that there is; it opens nothing. `Lax`, since the provider sends the browser back.
 */
@Injectable()
export class BrowserBinding {
  private readonly attributes: string;

  constructor(config: Config) {
    const secure = config.PUBLIC_URL.startsWith('https:') ? '; Secure' : '';
    this.attributes = `; Path=/api/v1/auth/sso; Max-Age=${ATTEMPT_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
  }

  bind({ url, browser }: SentAway, reply: FastifyReply): SsoStartView {
    void reply.header('Set-Cookie', `${COOKIE}=${browser}${this.attributes}`);
    return { url, expiresIn: ATTEMPT_SECONDS };
  }
}
