import { createHash } from 'node:crypto';
import { Clock, newId } from '@app/kernel';
import { InvalidMail, Messaging, type OutgoingMail } from '@app/messaging';
import { Database } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { User } from '../users/user.entity.js';

const WORDS = {
  'factor-added': 'A second factor was added to your account: from now on a login needs it.',
  'factor-removed': 'A second factor of your account was removed.',
  'factor-reset':
    'An administrator removed the second factors of your account, and ended your sessions. Log in with your password and set up another.',
  'recovery-code-used': 'A recovery code of your account was used in place of a second factor.',
  'identity-linked': 'Your account was linked with an identity elsewhere, which opens it from now on.',
  'codes-refused':
    'Somebody who knows your password tried to log in, and failed several times to show your second factor.',
  'recovery-codes-reissued': 'New recovery codes were made for your account: the former ones are worth nothing.',
  'viewed-as':
    'An administrator opened your account to see what you see, for 15 minutes at most. Who it is, and why, stands in the list of your sessions; you can end it there.',
} as const;

export type Notice = keyof typeof WORDS;

const LONGEST_NAME = 200;
const SUBJECT = 'A change to how you log in';

/** Tells people of what somebody who came into their account would rather have them not notice. */
@Injectable()
export class SecurityNotices {
  private readonly log = new Logger('security-notices');

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly messaging: Messaging,
  ) {}

  /** Leaves the mail in the open transaction: it goes out if and only if what it tells of was done. */
  async tell(userId: string, notice: Notice, id: string = newId()): Promise<void> {
    const { name, email } = await this.db.get(User, userId);
    const mail = {
      to: [{ address: email, name: name.slice(0, LONGEST_NAME) }],
      subject: SUBJECT,
      text: [`Hello ${name},`, '', WORDS[notice], '', `It was done at ${this.instant()}.`, ADVICE, ''].join('\n'),
      purpose: 'transactional' as const,
      autoSubmitted: true,
      about: { kind: `auth.${notice}`, id },
    } satisfies OutgoingMail;
    await this.messaging.send(mail).catch((error: unknown) => this.unsendable(userId, error));
  }

  /** However often it happens, one mail a day. In the open transaction. */
  async tellDaily(userId: string, notice: Notice): Promise<void> {
    const day = this.clock.now().toISOString().slice(0, 10);
    const hex = createHash('sha256').update(`${notice}:${userId}:${day}`).digest('hex');
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    await this.tell(userId, notice, id); // messaging sends one mail about one thing
  }

  /** What is done to a factor does not hang on an address that no mail reaches. It is judged before anything is written. */
  private unsendable(userId: string, error: unknown): void {
    if (!(error instanceof InvalidMail)) throw error;
    this.log.warn({ userId }, 'a notice could not be mailed: the address takes none');
  }

  private instant(): string {
    return `${this.clock.now().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  }
}

const ADVICE = 'If it was not you, choose another password at once and tell your administrator.';
