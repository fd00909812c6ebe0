import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowAuthenticated } from '../access/index.js';
import { ApiPage, type Page } from '../lists/index.js';
import { LoadedContexts } from './context.js';
import { ModuleView, toModuleList } from './modules.dto.js';

@ApiTags('platform')
@Controller('modules')
export class ModulesController {
  constructor(private readonly contexts: LoadedContexts) {}

  @Get()
  @AllowAuthenticated()
  @ApiPage(ModuleView)
  @ApiOperation({ summary: 'The loaded contexts with version and dependencies' })
  list(): Page<ModuleView> {
    return toModuleList(this.contexts.all);
  }
}
