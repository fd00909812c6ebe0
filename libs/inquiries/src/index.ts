import { defineContext } from '@app/platform';
import { inquiriesMigrations } from '../migrations/index.js';
import { InquiryMessage } from './conversation/inquiry-message.entity.js';
import { Inquiry } from './inquiries/inquiry.entity.js';
import { InquiryPermissions } from './inquiries/inquiry.policy.js';
import { DistributionRule } from './distribution/distribution-rule.entity.js';
import { Distribution } from './distribution/distribution.entity.js';
import { Escalation } from './escalation/escalation.entity.js';
import { InquiryLink } from './links/inquiry-link.entity.js';
import { Macro } from './macros/macro.entity.js';
import { MacroPermissions } from './macros/macro.policy.js';
import { InquiriesApiModule, InquiriesWorkerModule } from './inquiries.module.js';
import { Survey } from './satisfaction/survey.entity.js';
import { InquirySettings } from './settings/inquiry-settings.entity.js';
import { InquiryClock } from './sla/inquiry-clock.entity.js';
import { SideConversation } from './side-conversations/side-conversation.entity.js';
import { SideMessage } from './side-conversations/side-message.entity.js';
import { SlaPolicyPermissions } from './sla/sla.policy.js';
import { SlaPolicy } from './sla/sla-policy.entity.js';

export type { Answer } from './conversation/conversation.service.js';
export type { Thread } from './conversation/thread.js';
export { InquiryPermissions, referenceOf } from './inquiries/inquiry.policy.js';
export { InquiriesFacade, type InquiryCard } from './inquiries.facade.js';
export { InquiriesModule } from './inquiries.module.js';
export { SlaPolicyPermissions } from './sla/sla.policy.js';

export const inquiriesContext = defineContext({
  name: 'inquiries',
  version: '1.0.0',
  description: 'What customers ask: inquiries, what is written in them, whose work they are, and what was promised.',
  uses: ['auth', 'calendars', 'customers', 'mail', 'messaging', 'records'],
  api: InquiriesApiModule,
  worker: InquiriesWorkerModule,
  entities: [
    Inquiry,
    InquiryMessage,
    InquiryLink,
    InquiryClock,
    SlaPolicy,
    Escalation,
    Macro,
    DistributionRule,
    Distribution,
    Survey,
    SideConversation,
    SideMessage,
    InquirySettings,
  ],
  migrations: inquiriesMigrations,
  keptBack: ['satisfaction_surveys.token_hash'],
  permissions: [InquiryPermissions, SlaPolicyPermissions, MacroPermissions],
});
