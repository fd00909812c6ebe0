import { Config, Outbound } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { type CaptchaVerdict, CaptchaVerifier } from './captcha-verifier.js';

const LIMITS = { milliseconds: 3000, bytes: 16 * 1024 };
/** What is wrong with us or with them, not with the answer of whoever wants to come in. */
const OURS = new Set(['missing-input-secret', 'invalid-input-secret', 'bad-request', 'internal-error']);

type Told = { readonly success: boolean; readonly hostname?: unknown; readonly 'error-codes'?: unknown };

/**
 * `siteverify`, which Turnstile, hCaptcha and reCAPTCHA speak alike: a form of secret, response and remoteip; an object with
 * success, hostname and error-codes. https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
 */
@Injectable()
export class Siteverify extends CaptchaVerifier {
  private readonly log = new Logger('captcha');

  constructor(
    private readonly config: Config,
    private readonly outbound: Outbound,
  ) {
    super();
  }

  override get isOn(): boolean {
    return this.config.CAPTCHA_SECRET !== undefined && this.config.CAPTCHA_VERIFY_URL !== undefined;
  }

  override async verify(answer: string, address: string): Promise<CaptchaVerdict> {
    try {
      return this.verdictOn(await this.ask(answer, address));
    } catch (error) {
      this.log.warn(
        { error: error instanceof Error ? error.message : String(error) },
        'a captcha could not be checked',
      );
      return 'unknown';
    }
  }

  private async ask(answer: string, address: string): Promise<Told> {
    const { CAPTCHA_VERIFY_URL: url = '', CAPTCHA_SECRET: secret = '' } = this.config;
    const form = new URLSearchParams({ secret, response: answer, remoteip: address }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const reply = await this.outbound.fetch(url, { method: 'POST', headers, body: form }, LIMITS);
    if (!reply.ok) throw new Error(`it answered ${reply.status}`);
    const told: unknown = await reply.json();
    if (!isTold(told)) throw new Error('it answered something else');
    return told;
  }

  private verdictOn({ success, hostname, 'error-codes': codes = [] }: Told): CaptchaVerdict {
    const ours = [codes].flat().filter((code) => typeof code === 'string' && OURS.has(code));
    if (!success && ours.length) throw new Error(`it answered ${ours.join(', ')}`);
    if (!success) return 'refused';
    const wanted = this.config.CAPTCHA_HOSTNAMES;
    const isOurs = wanted.length === 0 || (typeof hostname === 'string' && wanted.includes(hostname.toLowerCase()));
    return isOurs ? 'passed' : 'refused';
  }
}

const isTold = (value: unknown): value is Told =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Told>).success === 'boolean';
