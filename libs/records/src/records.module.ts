import { MessagingModule } from '@app/messaging';
import { Module } from '@nestjs/common';
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

@Module({ imports: [MessagingModule], providers: [Hosts, Notices], exports: [Hosts, Notices] })
export class RecordsModule {}

@Module({
  imports: [RecordsModule],
  controllers: [NotesController, TagsController],
  providers: [NotesService, NotesQueries, TagsService, TagsQueries, RecordsTimeline],
})
export class RecordsApiModule {}

@Module({ imports: [RecordsModule], providers: [NotesWorker] })
export class RecordsWorkerModule {}
