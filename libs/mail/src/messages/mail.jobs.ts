import { defineJob } from '@app/platform';

export const ParseMail = defineJob<{ mailId: string }>('mail.parse', 'Reads a raw mail and decides where it belongs.');
