import { MessagingModule } from '@app/messaging';
import { Module } from '@nestjs/common';
import { Hosts } from './hosts/hosts.js';
import { NotesController } from './notes/notes.controller.js';
import { NotesQueries } from './notes/notes.queries.js';
import { NotesService } from './notes/notes.service.js';
import { NotesWorker } from './notes/notes.worker.js';
import { Notices } from './noticing/notices.js';
import { RecordsTimeline } from './timeline/records.timeline.js';

@Module({ imports: [MessagingModule], providers: [Hosts, Notices], exports: [Hosts, Notices] })
export class RecordsModule {}

@Module({
  imports: [RecordsModule],
  controllers: [NotesController],
  providers: [NotesService, NotesQueries, RecordsTimeline],
})
export class RecordsApiModule {}

@Module({ imports: [RecordsModule], providers: [NotesWorker] })
export class RecordsWorkerModule {}
