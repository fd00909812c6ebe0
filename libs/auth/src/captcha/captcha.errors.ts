import { PreconditionRequired } from '@app/kernel';

/** `missing`: none was sent. `refused`: it is wrong, used, too old or of another page. */
export class CaptchaRequired extends PreconditionRequired {
  constructor(reason: 'missing' | 'refused') {
    const message =
      reason === 'missing' ? 'is needed: solve the captcha' : 'does not count (any more): solve another one';
    super('captcha_required', 'First show that you are no program, in `captcha`', {
      reason,
      errors: [{ pointer: '/captcha', code: `captcha_${reason}`, message }],
    });
  }
}
