import { defineContext } from '@app/platform';
import { messagingMigrations } from '../migrations/index.js';
import { MessagePermissions } from './messages/message.policy.js';
import { Message } from './messages/message.entity.js';
import { MessagingApiModule, MessagingWorkerModule } from './messaging.module.js';
import { Suppression } from './suppressions/suppression.entity.js';
import { SuppressionPermissions } from './suppressions/suppression.policy.js';

export type { MailAddress } from './messages/mail-address.js';
export { type MailBrand, type MailBranding, MailBrandPort } from './messages/mail-brand.js';
export { InvalidMail, type OutgoingMail, type Purpose } from './messages/outgoing-mail.js';
export { MessageIdTaken } from './messages/message.errors.js';
export { MessagePermissions } from './messages/message.policy.js';
export { Messaging } from './messaging.facade.js';
export { MessagingModule } from './messaging.module.js';
export { SuppressionPermissions } from './suppressions/suppression.policy.js';

export const messagingContext = defineContext({
  name: 'messaging',
  version: '1.0.0',
  description: 'Outgoing mail: queue, transport, what became of each message, and who gets none.',
  uses: [],
  api: MessagingApiModule,
  worker: MessagingWorkerModule,
  entities: [Message, Suppression],
  migrations: messagingMigrations,
  keptBack: ['messages.text', 'messages.html'], // invitations and resets carry codes; answers stand in responses
  permissions: [MessagePermissions, SuppressionPermissions],
});
