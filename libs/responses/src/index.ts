import { defineContext } from '@app/platform';
import { responsesMigrations } from '../migrations/index.js';
import { ResponsesApiModule, ResponsesModule, ResponsesWorkerModule } from './responses.module.js';
import { ResponseRevision } from './responses/response-revision.entity.js';
import { Response } from './responses/response.entity.js';
import { ResponsePermissions } from './responses/response.policy.js';
import { ResponseSettings } from './settings/response-settings.entity.js';

export { DecisionsService } from './responses/decisions.service.js';
export { contentHash, ResponsePermissions } from './responses/response.policy.js';
export type { NewResponse } from './responses/draft-rules.js';
export { ResponsesService } from './responses/responses.service.js';
export { SendingService } from './sending/sending.service.js';
export { ResponsesModule };

export const responsesContext = defineContext({
  name: 'responses',
  version: '1.0.0',
  description: 'Answers to inquiries: drafts and their revisions, approval by another person, sending.',
  uses: ['approvals', 'customers', 'inquiries', 'messaging'],
  api: ResponsesApiModule,
  worker: ResponsesWorkerModule,
  entities: [Response, ResponseRevision, ResponseSettings],
  migrations: responsesMigrations,
  permissions: [ResponsePermissions],
});
