import { defineJob } from '@app/platform';

export const ParseMail = defineJob<{ mailId: string }>('mail.parse', 'Reads a raw mail and decides where it belongs.');

/** As for every stored file: somebody who stores the same bytes at this moment may not have committed. */
export const forgottenAt = (now: Date): Date => new Date(now.getTime() + 3_600_000);

export const ForgetSource = defineJob<{ hash: string }>(
  'mail.forget-source',
  'Removes the raw source of a mail, which its tenant keeps no longer.',
);
