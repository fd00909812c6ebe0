import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../access/index.js';
import { ApiList, Listed, type ListQuery, type Page } from '../lists/index.js';
import { DeadLetterView } from './dead-letters.dto.js';
import { DeadLetterList, DeadLetters } from './dead-letters.js';
import { QueuePermissions } from './queues.policy.js';

@ApiTags('platform')
@Controller('dead-letters')
@Allow(QueuePermissions.manage)
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Get()
  @ApiOperation({ summary: 'List what failed on every attempt' })
  @ApiList(DeadLetterList, DeadLetterView)
  list(@Listed(DeadLetterList) query: ListQuery): Promise<Page<DeadLetterView>> {
    return this.deadLetters.list(query);
  }

  @Post(':id/redrive')
  @HttpCode(204)
  @ApiOperation({ summary: 'Try it again, once its cause is mended' })
  redrive(@Param('id') id: string): Promise<void> {
    return this.deadLetters.redrive(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Give it up: what was to be done is not done any more' })
  discard(@Param('id') id: string): Promise<void> {
    return this.deadLetters.discard(id);
  }
}
