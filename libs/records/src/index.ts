import { defineContext } from '@app/platform';
import { recordsMigrations } from '../migrations/index.js';
import { Note } from './notes/note.entity.js';
import { NotePermissions } from './notes/note.policy.js';
import { RecordsApiModule, RecordsWorkerModule } from './records.module.js';
import { Tag } from './tags/tag.entity.js';
import { TagPermissions } from './tags/tag.policy.js';

export { mentionsIn } from './noticing/mention.js';
export { Notices } from './noticing/notices.js';
export { RecordsModule } from './records.module.js';
export { tagField } from './tags/tag-field.js';

export const recordsContext = defineContext({
  name: 'records',
  version: '1.0.0',
  description: 'What hangs on any record: notes and tags.',
  uses: ['auth', 'messaging'],
  api: RecordsApiModule,
  worker: RecordsWorkerModule,
  entities: [Note, Tag],
  migrations: recordsMigrations,
  permissions: [NotePermissions, TagPermissions],
});
