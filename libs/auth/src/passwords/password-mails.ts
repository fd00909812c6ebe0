import type { OutgoingMail } from '@app/messaging';

export type Addressee = { readonly id: string; readonly email: string; readonly name: string };

type Written = Omit<OutgoingMail, 'about'>;

/** The code is a password for half an hour: such a mail is not shown to anybody who may read messages. */
const written = ({ email, name }: Addressee, subject: string, lines: readonly string[]): Written => ({
  to: [{ address: email, name }],
  subject,
  text: [`Hello ${name},`, '', ...lines, ''].join('\n'),
  purpose: 'transactional',
  autoSubmitted: true,
  confidential: true,
});

export const resetMail = (to: Addressee, token: string): Written =>
  written(to, 'Your new password', [
    'somebody, probably you, asked for a new password. This code chooses one, once, within 30 minutes:',
    '',
    `    ${token}`,
    '',
    'Send it with the new password to POST /api/v1/auth/password/reset.',
    'If it was not you, do nothing: your password stays as it is.',
  ]);

export const invitation = (to: Addressee, token: string): Written =>
  written(to, 'Your account', [
    'an account was made for you. This code chooses your password, once, within 7 days:',
    '',
    `    ${token}`,
    '',
    'Send it with the password to POST /api/v1/auth/password/reset.',
  ]);
