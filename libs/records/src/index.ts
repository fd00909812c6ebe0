import { defineContext } from '@app/platform';
import { recordsMigrations } from '../migrations/index.js';
import { CustomField } from './custom-fields/custom-field.entity.js';
import { CustomFieldPermissions } from './custom-fields/custom-field.policy.js';
import { RecordFile } from './files/file.entity.js';
import { FilePermissions } from './files/file.policy.js';
import { FileVersion } from './files/file-version.entity.js';
import { Note } from './notes/note.entity.js';
import { NotePermissions } from './notes/note.policy.js';
import { RecordsApiModule, RecordsWorkerModule } from './records.module.js';
import { Tag } from './tags/tag.entity.js';
import { TagPermissions } from './tags/tag.policy.js';
import { SavedView } from './views/saved-view.entity.js';
import { ViewPermissions } from './views/view.policy.js';

export { CustomFields, type FieldEntry, type FieldMerge, type FieldValues } from './custom-fields/custom-fields.js';
export {
  type Concealed,
  concealedFields,
  selectOf,
  shownFields,
  shownInHistory,
  shownOf,
} from './custom-fields/field-sql.js';
export { KeepFieldIndex } from './custom-fields/custom-fields.jobs.js';
export { ImportedFields } from './custom-fields/imported-fields.js';
export { ApiFieldValues } from './custom-fields/api-field-values.js';
export { RecordFiles } from './files/record-files.js';
export { Hangings } from './hosts/hangings.js';
export { mentionsIn } from './noticing/mention.js';
export { Notices } from './noticing/notices.js';
export { RecordsModule } from './records.module.js';
export { tagField } from './tags/tag-field.js';

export const recordsContext = defineContext({
  name: 'records',
  version: '1.0.0',
  description: 'What hangs on any record: notes, tags, files and custom fields; and the views of lists.',
  uses: ['auth', 'messaging'],
  api: RecordsApiModule,
  worker: RecordsWorkerModule,
  entities: [Note, Tag, RecordFile, FileVersion, CustomField, SavedView],
  migrations: recordsMigrations,
  permissions: [NotePermissions, TagPermissions, FilePermissions, CustomFieldPermissions, ViewPermissions],
});
