import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { MailboxPermissions } from './mailbox.policy.js';
import { MailboxChangesDto, MailboxDto, MailboxView, toSettings, toView } from './mailboxes.dto.js';
import { MailboxList, MailboxesQueries } from './mailboxes.queries.js';
import { MailboxesService } from './mailboxes.service.js';

@ApiTags('mail')
@Controller('mailboxes')
export class MailboxesController {
  constructor(
    private readonly mailboxes: MailboxesService,
    private readonly queries: MailboxesQueries,
  ) {}

  @Get()
  @Allow(MailboxPermissions.read)
  @ApiOperation({ summary: 'List mailboxes' })
  @ApiList(MailboxList, MailboxView)
  list(@Listed(MailboxList) query: ListQuery): Promise<Page<MailboxView>> {
    return this.queries.list(query);
  }

  @Post()
  @Allow(MailboxPermissions.manage)
  @ApiOperation({ summary: 'Add a mailbox' })
  open(@Body() body: MailboxDto): Promise<MailboxView> {
    return this.mailboxes.open(body).then(toView);
  }

  @Get(':id')
  @Allow(MailboxPermissions.read)
  @ApiOperation({ summary: 'Read a mailbox' })
  read(@Param('id', UuidPipe) id: string): Promise<MailboxView> {
    return this.queries.get(id);
  }

  @Put(':id')
  @Allow(MailboxPermissions.manage)
  @ApiOperation({ summary: 'Replace the settings of a mailbox' })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() body: MailboxDto,
    @IfMatch() version?: number,
  ): Promise<MailboxView> {
    return this.mailboxes.edit(id, toSettings(body), version).then(toView);
  }

  @Patch(':id')
  @Allow(MailboxPermissions.manage)
  @ApiOperation({ summary: 'Change settings of a mailbox' })
  edit(
    @Param('id', UuidPipe) id: string,
    @Body() body: MailboxChangesDto,
    @IfMatch() version?: number,
  ): Promise<MailboxView> {
    return this.mailboxes.edit(id, body, version).then(toView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(MailboxPermissions.manage)
  @ApiOperation({
    summary: 'Put a mailbox into the trash',
    description: 'Its mails stay. Mail to its address then belongs to the default mailbox.',
  })
  trash(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.mailboxes.trash(id, version);
  }

  @Post(':id/restore')
  @HttpCode(200)
  @Allow(MailboxPermissions.manage)
  @ApiOperation({ summary: 'Take a mailbox out of the trash' })
  restore(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<MailboxView> {
    return this.mailboxes.restore(id, version).then(toView);
  }
}
