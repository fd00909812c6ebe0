import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { NotePermissions } from './note.policy.js';
import { EditNoteDto, NoteView, toNoteView, WriteNoteDto } from './notes.dto.js';
import { NoteList, NotesQueries } from './notes.queries.js';
import { NotesService } from './notes.service.js';

@Controller('notes')
@ApiTags('records')
export class NotesController {
  constructor(
    private readonly notes: NotesService,
    private readonly queries: NotesQueries,
  ) {}

  @Get()
  @Allow(NotePermissions.read)
  @ApiOperation({
    summary: 'List notes',
    description: 'Of all records that you may read, or of some: `recordKind=customers&recordId=…`.',
  })
  @ApiList(NoteList, NoteView)
  list(@Listed(NoteList) query: ListQuery): Promise<Page<NoteView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(NotePermissions.read)
  @ApiOperation({ summary: 'Read a note' })
  view(@Param('id', UuidPipe) id: string): Promise<NoteView> {
    return this.queries.readable(id).then(toNoteView);
  }

  @Post()
  @Allow(NotePermissions.write)
  @ApiOperation({
    summary: 'Note something about a record',
    description: `Who is mentioned (\`@clara\`) is told by mail where, and no more. 404 as for the record itself; 403
\`record_out_of_reach\` where you may read it but not change it; 422 \`record_kind_unknown\`.`,
  })
  write(@Body() note: WriteNoteDto): Promise<NoteView> {
    return this.notes.write(note).then(toNoteView);
  }

  @Patch(':id')
  @Allow(NotePermissions.write)
  @ApiOperation({
    summary: 'Change a note of one’s own',
    description: 'Who is mentioned now and was not before is told. 403 `note_of_another`, `record_out_of_reach`.',
  })
  edit(
    @Param('id', UuidPipe) id: string,
    @Body() { body }: EditNoteDto,
    @IfMatch() version?: number,
  ): Promise<NoteView> {
    return this.notes.edit(id, body, version).then(toNoteView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(NotePermissions.write)
  @ApiOperation({
    summary: 'Remove a note',
    description: 'One’s own, or with `notes:moderate` any. 403 `note_of_another`, `record_out_of_reach`.',
  })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.notes.remove(id, version);
  }
}
