import { MessagingModule } from '@app/messaging';
import { Module } from '@nestjs/common';
import { CustomFields } from './custom-fields/custom-fields.js';
import { CustomFieldsController } from './custom-fields/custom-fields.controller.js';
import { CustomFieldsQueries } from './custom-fields/custom-fields.queries.js';
import { CustomFieldsService } from './custom-fields/custom-fields.service.js';
import { CustomFieldsWorker } from './custom-fields/custom-fields.worker.js';
import { FieldNeighbours } from './custom-fields/field-neighbours.js';
import { FieldHosts } from './custom-fields/field-hosts.js';
import { ImportedFields } from './custom-fields/imported-fields.js';
import { FieldIndexes } from './custom-fields/field-index.js';
import { FieldValuesQueries } from './custom-fields/field-values.queries.js';
import { FileBytes } from './files/file-bytes.js';
import { FileDownloads } from './files/file-downloads.js';
import { FileLinks } from './files/file-links.js';
import { FilesController } from './files/files.controller.js';
import { FilesQueries } from './files/files.queries.js';
import { FilesService } from './files/files.service.js';
import { RecordFiles } from './files/record-files.js';
import { FilesWorker } from './files/files.worker.js';
import { Hangings } from './hosts/hangings.js';
import { HangingOnCustomers } from './hosts/customers.records.js';
import { Hosts } from './hosts/hosts.js';
import { NotesController } from './notes/notes.controller.js';
import { NotesQueries } from './notes/notes.queries.js';
import { NotesService } from './notes/notes.service.js';
import { NotesWorker } from './notes/notes.worker.js';
import { Notices } from './noticing/notices.js';
import { TagsController } from './tags/tags.controller.js';
import { TagsQueries } from './tags/tags.queries.js';
import { TagsService } from './tags/tags.service.js';
import { ListsOfTenant } from './tenant-lists.js';
import { RecordsTimeline } from './timeline/records.timeline.js';
import { ViewedLists } from './views/viewed-lists.js';
import { ViewsController } from './views/views.controller.js';
import { ViewsOwnership } from './views/views.ownership.js';
import { ViewsQueries } from './views/views.queries.js';
import { ViewsService } from './views/views.service.js';

const SHARED = [
  Hosts,
  Hangings,
  Notices,
  CustomFields,
  FieldHosts,
  FieldValuesQueries,
  ImportedFields,
  ListsOfTenant,
  RecordFiles,
];

@Module({ imports: [MessagingModule], providers: [...SHARED, HangingOnCustomers, ViewsOwnership], exports: SHARED })
export class RecordsModule {}

@Module({
  imports: [RecordsModule],
  controllers: [NotesController, TagsController, FilesController, CustomFieldsController, ViewsController],
  providers: [
    NotesService,
    NotesQueries,
    TagsService,
    TagsQueries,
    FilesService,
    FilesQueries,
    FileDownloads,
    FileLinks,
    RecordsTimeline,
    CustomFieldsService,
    FieldNeighbours,
    CustomFieldsQueries,
    ViewedLists,
    ViewsQueries,
    ViewsService,
  ],
})
export class RecordsApiModule {}

@Module({
  imports: [RecordsModule],
  providers: [NotesWorker, FilesWorker, FileBytes, CustomFieldsWorker, FieldIndexes],
})
export class RecordsWorkerModule {}
