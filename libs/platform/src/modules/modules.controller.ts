import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowAuthenticated } from '../access/index.js';
import { LoadedContexts } from './context.js';
import { type ModuleListView, toModuleList } from './modules.dto.js';

@ApiTags('platform')
@Controller('modules')
export class ModulesController {
  constructor(private readonly contexts: LoadedContexts) {}

  @Get()
  @AllowAuthenticated()
  @ApiOperation({ summary: 'The loaded contexts with version and dependencies' })
  list(): ModuleListView {
    return toModuleList(this.contexts.all);
  }
}
