import { Allow, ApiExport, exportSpec, Listed, type ListQuery, RecordExports, StepUp } from '@app/platform';
import { Controller, Get, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { TaskPermissions } from '../task.policy.js';
import { TaskExportList } from '../tasks.list.js';
import { TasksExportable } from './tasks.exportable.js';

@ApiTags('work')
@Controller('tasks/export')
export class TasksExportController {
  constructor(
    private readonly exports: RecordExports,
    private readonly tasks: TasksExportable,
  ) {}

  @Get()
  @StepUp()
  @Allow(TaskPermissions.export)
  @ApiExport(TaskExportList)
  @ApiOperation({
    summary: 'Export tasks',
    description: `Those that you may read, by the filters and the order of the list, up to 10,000 of them: 422 \`export_too_large\`
points to \`POST /exports\`. No cell is run as a formula. It is recorded in the audit trail, and needs a second factor or password
shown in the last ten minutes: else 403 \`step_up_required\`.`,
  })
  export(@Listed(exportSpec(TaskExportList)) query: ListQuery): Promise<StreamableFile> {
    return this.exports.answer(this.tasks, query);
  }
}
