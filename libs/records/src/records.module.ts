import { MessagingModule } from '@app/messaging';
import { Module } from '@nestjs/common';
import { FileBytes } from './files/file-bytes.js';
import { FileDownloads } from './files/file-downloads.js';
import { FileLinks } from './files/file-links.js';
import { FilesController } from './files/files.controller.js';
import { FilesQueries } from './files/files.queries.js';
import { FilesService } from './files/files.service.js';
import { FilesWorker } from './files/files.worker.js';
import { HangingOnCustomers } from './hosts/hanging.customer-records.js';
import { Hosts } from './hosts/hosts.js';
import { NotesController } from './notes/notes.controller.js';
import { NotesQueries } from './notes/notes.queries.js';
import { NotesService } from './notes/notes.service.js';
import { NotesWorker } from './notes/notes.worker.js';
import { Notices } from './noticing/notices.js';
import { TagsController } from './tags/tags.controller.js';
import { TagsQueries } from './tags/tags.queries.js';
import { TagsService } from './tags/tags.service.js';
import { RecordsTimeline } from './timeline/records.timeline.js';

@Module({ imports: [MessagingModule], providers: [Hosts, Notices, HangingOnCustomers], exports: [Hosts, Notices] })
export class RecordsModule {}

@Module({
  imports: [RecordsModule],
  controllers: [NotesController, TagsController, FilesController],
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
  ],
})
export class RecordsApiModule {}

@Module({ imports: [RecordsModule], providers: [NotesWorker, FilesWorker, FileBytes] })
export class RecordsWorkerModule {}
