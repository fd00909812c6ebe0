import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { MacroPermissions } from './macro.policy.js';
import {
  EditMacroDto,
  FilledMacroView,
  FillMacroDto,
  MacroDto,
  MacroView,
  toMacro,
  toMacroView,
} from './macros.dto.js';
import { MacroList, MacrosQueries } from './macros.queries.js';
import { MacrosService } from './macros.service.js';

const REFUSALS = `403 \`macro_out_of_reach\`: of everybody, or of a team that is not one’s own. 409 \`macro_name_taken\`. 422
\`macro_variable_unknown\` and \`macro_malformed\` name what cannot be filled, \`team_unknown\`.`;

@Controller('macros')
@ApiTags('inquiries')
export class MacrosController {
  constructor(
    private readonly macros: MacrosService,
    private readonly queries: MacrosQueries,
  ) {}

  @Get()
  @Allow(MacroPermissions.read)
  @ApiOperation({ summary: 'List canned answers', description: 'Everybody’s and those of one’s own teams.' })
  @ApiList(MacroList, MacroView)
  list(@Listed(MacroList) query: ListQuery): Promise<Page<MacroView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(MacroPermissions.read)
  @ApiOperation({ summary: 'Read a canned answer' })
  view(@Param('id', UuidPipe) id: string): Promise<MacroView> {
    return this.macros.usable(id).then(toMacroView);
  }

  @Post()
  @Allow(MacroPermissions.manage)
  @ApiOperation({ summary: 'Write a canned answer', description: REFUSALS })
  write(@Body() macro: MacroDto): Promise<MacroView> {
    return this.macros.write(toMacro(macro)).then(toMacroView);
  }

  @Put(':id')
  @Allow(MacroPermissions.manage)
  @ApiOperation({ summary: 'Replace a canned answer', description: REFUSALS })
  replace(@Param('id', UuidPipe) id: string, @Body() to: MacroDto, @IfMatch() version?: number): Promise<MacroView> {
    return this.macros.edit(id, toMacro(to), version).then(toMacroView);
  }

  @Patch(':id')
  @Allow(MacroPermissions.manage)
  @ApiOperation({ summary: 'Change a canned answer', description: REFUSALS })
  edit(@Param('id', UuidPipe) id: string, @Body() to: EditMacroDto, @IfMatch() version?: number): Promise<MacroView> {
    return this.macros.edit(id, to, version).then(toMacroView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(MacroPermissions.manage)
  @ApiOperation({ summary: 'Remove a canned answer; what was written with it stays' })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.macros.remove(id, version);
  }

  @Post(':id/fill')
  @HttpCode(200)
  @Allow(MacroPermissions.read)
  @ApiOperation({
    summary: 'See what a canned answer says to an inquiry',
    description: 'Nothing is kept: the text is where a response begins. 422 `macro_output_too_long`.',
  })
  fill(@Param('id', UuidPipe) id: string, @Body() { inquiryId }: FillMacroDto): Promise<FilledMacroView> {
    return this.macros.fill(id, inquiryId).then(({ text, missing }) => ({ text, missing: [...missing] }));
  }
}
