import { AllowAuthenticated } from '@app/platform';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ExplainQuery, type ExplanationView, toExplanationView } from './authz.dto.js';
import { Explanations } from './explanations.service.js';

@ApiTags('auth')
@Controller('authz')
export class AuthzController {
  constructor(private readonly explanations: Explanations) {}

  @Get('explain')
  @AllowAuthenticated()
  @ApiNotFoundResponse({ description: 'There is no such user.' })
  @ApiOperation({
    summary: 'Why I may, or may not',
    description:
      'The roles that grant a permission, how far it reaches, in which way it reaches a record, and all that stands in the way. ' +
      'A record that you may not see is answered like one that is not there. Of others it needs `authz:explain`.',
  })
  explain(@Query() question: ExplainQuery): Promise<ExplanationView> {
    return this.explanations.explain(question).then(toExplanationView);
  }
}
