import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CustomFieldPermissions } from './custom-field.policy.js';
import { ChangeFieldDto, CustomFieldView, DefineFieldDto, toFieldChange, toNewField } from './custom-fields.dto.js';
import { CustomFieldList, CustomFieldsQueries } from './custom-fields.queries.js';
import { CustomFieldsService } from './custom-fields.service.js';

@Controller('custom-fields')
@ApiTags('records')
export class CustomFieldsController {
  constructor(
    private readonly fields: CustomFieldsService,
    private readonly queries: CustomFieldsQueries,
  ) {}

  @Get()
  @Allow(CustomFieldPermissions.read)
  @ApiOperation({
    summary: 'List the fields that the company added to its records',
    description: 'Those of one kind that are in use: `recordKind=customers&archivedAt[null]=true`.',
  })
  @ApiList(CustomFieldList, CustomFieldView)
  list(@Listed(CustomFieldList) query: ListQuery): Promise<Page<CustomFieldView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(CustomFieldPermissions.read)
  @ApiOperation({ summary: 'Read a custom field' })
  view(@Param('id', UuidPipe) id: string): Promise<CustomFieldView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(CustomFieldPermissions.manage)
  @ApiOperation({
    summary: 'Add a field to a kind of record',
    description: `Its values are written as \`customFields: { "<key>": … }\` of the record, and its lists know it as \`cf.<key>\`
(of money: \`cf.<key>.amount\` and \`.currency\`). A formula is computed from other fields of the record whenever it is read, and
is as hidden as they are: \`expression\` says how. What is null, divided by zero or too large makes it null. 409 \`custom_field_key_taken\`, \`custom_field_key_built_in\`; 422
\`record_kind_unknown\`, \`custom_field_invalid\`, \`too_many_custom_fields\`, \`too_many_indexed_fields\`, \`too_many_formulas\`, \`formula_invalid\`, \`formula_field_unknown\`,
\`formula_cycle\`.`,
  })
  define(@Body() field: DefineFieldDto): Promise<CustomFieldView> {
    return this.fields.define(toNewField(field)).then(({ id }) => this.queries.view(id));
  }

  @Patch(':id')
  @Allow(CustomFieldPermissions.manage)
  @ApiOperation({
    summary: 'Change a field',
    description: `What it is called, what its values must be, its type. Of min, max, earliest and latest all are taken anew
when one is given. Another type: at once where no record has a value; where all values convert, by a job (\`convertingTo\`);
else 409 \`values_do_not_convert\` names those that do not. 409 \`option_in_use\`, \`custom_field_archived\`,
\`custom_field_converting\`, \`field_in_formula\`; 422 \`custom_field_invalid\`, \`too_many_indexed_fields\`, \`formula_invalid\`,
\`formula_field_unknown\`, \`formula_cycle\`.`,
  })
  change(
    @Param('id', UuidPipe) id: string,
    @Body() to: ChangeFieldDto,
    @IfMatch() version?: number,
  ): Promise<CustomFieldView> {
    return this.fields.change(id, toFieldChange(to), version).then(() => this.queries.view(id));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(CustomFieldPermissions.manage)
  @ApiOperation({
    summary: 'Archive a field',
    description:
      'It is shown and known nowhere any more; its values are kept, and its key stays taken. 409 `field_in_formula`.',
  })
  async archive(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    await this.fields.archive(id, version);
  }

  @Post(':id/restore')
  @HttpCode(200)
  @Allow(CustomFieldPermissions.manage)
  @ApiOperation({
    summary: 'Restore an archived field, with its values',
    description: '422 `too_many_indexed_fields`; for a formula `formula_field_unknown`, `formula_invalid`.',
  })
  restore(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<CustomFieldView> {
    return this.fields.restore(id, version).then(() => this.queries.view(id));
  }
}
