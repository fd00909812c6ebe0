import { Clock, newId } from '@app/kernel';
import { Messaging } from '@app/messaging';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { User } from '../users/user.entity.js';

const WORDS = {
  'factor-added': 'A second factor was added to your account: from now on a login needs it.',
  'factor-removed': 'The second factor of your account was removed: a login needs the password alone.',
  'factor-reset':
    'An administrator removed the second factor of your account, and ended your sessions. Log in with your password and set up another.',
  'recovery-code-used': 'A recovery code of your account was used in place of a code of your authenticator.',
  'recovery-codes-reissued': 'New recovery codes were made for your account: the former ones are worth nothing.',
} as const;

export type Notice = keyof typeof WORDS;

const SUBJECT = 'A change to how you log in';

/** Tells people of what somebody who came into their account would rather have them not notice. */
@Injectable()
export class SecurityNotices {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly messaging: Messaging,
  ) {}

  /** Leaves the mail in the open transaction: it goes out if and only if what it tells of was done. */
  async tell(userId: string, notice: Notice): Promise<void> {
    const { name, email } = await this.db.get(User, userId);
    await this.messaging.send({
      to: [{ address: email, name }],
      subject: SUBJECT,
      text: [`Hello ${name},`, '', WORDS[notice], '', `It was done at ${this.instant()}.`, ADVICE, ''].join('\n'),
      purpose: 'transactional',
      autoSubmitted: true,
      about: { kind: `auth.${notice}`, id: newId() },
    });
  }

  private instant(): string {
    return `${this.clock.now().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  }
}

const ADVICE = 'If it was not you, choose another password at once and tell your administrator.';
