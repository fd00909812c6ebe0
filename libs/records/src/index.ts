import { defineContext } from '@app/platform';
import { recordsMigrations } from '../migrations/index.js';
import { RecordFile } from './files/file.entity.js';
import { FilePermissions } from './files/file.policy.js';
import { FileVersion } from './files/file-version.entity.js';
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
  description: 'What hangs on any record: notes, tags and files.',
  uses: ['auth', 'messaging'],
  api: RecordsApiModule,
  worker: RecordsWorkerModule,
  entities: [Note, Tag, RecordFile, FileVersion],
  migrations: recordsMigrations,
  permissions: [NotePermissions, TagPermissions, FilePermissions],
});
