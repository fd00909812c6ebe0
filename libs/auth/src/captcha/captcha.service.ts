import { Metrics } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Counter as Checks } from 'prom-client';
import { type Counter, LoginThrottle, type Origin } from '../sessions/login-throttle.js';
import { CaptchaRequired } from './captcha.errors.js';
import { CaptchaVerifier } from './captcha-verifier.js';

/**
 * Asks for a captcha where somebody may be a program that guesses. Where the provider is down it fails open, with a warning
 * and a count: the throttle slows every guess down anyway, to one a minute in the end, and mails are few an hour. Closed, the
 * outage of another company would lock out everybody who mistyped a password, and whoever can bring that company down.
 */
@Injectable()
export class CaptchaService {
  private readonly checks: Checks<'outcome'>;

  constructor(
    private readonly verifier: CaptchaVerifier,
    private readonly throttle: LoginThrottle,
    metrics: Metrics,
  ) {
    this.checks = metrics.counter('auth_captcha_checks_total', 'Captchas by what became of them.', ['outcome']);
  }

  /** For a login, only after some failures. @throws LoginDelayed first, so that no answer is spent on waiting; CaptchaRequired */
  async assertShownAfterFailures(
    counters: readonly Counter[],
    answer: string | undefined,
    origin: Origin,
  ): Promise<void> {
    if (!this.verifier.isOn) return;
    await this.throttle.assertOpen(counters);
    if (await this.throttle.looksGuessed(counters)) await this.assertShown(answer, origin);
  }

  /** Where captchas are on. @throws CaptchaRequired */
  async assertShown(answer: string | undefined, { ip }: Pick<Origin, 'ip'>): Promise<void> {
    if (!this.verifier.isOn) return;
    const outcome = answer === undefined ? 'missing' : await this.verifier.verify(answer, ip);
    this.checks.inc({ outcome });
    if (outcome === 'missing' || outcome === 'refused') throw new CaptchaRequired(outcome);
  }
}
