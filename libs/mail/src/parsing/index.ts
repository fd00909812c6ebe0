export * from './address.js';
export type { MailAttachment } from './attachment.js';
export * from './limits.js';
export type { AuthenticationResult, Verdict } from './mail-headers.js';
export * from './mail-refused.js';
export * from './parse-mail.js';
export * from './reply.js';
