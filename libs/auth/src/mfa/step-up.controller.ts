import { AllowAuthenticated, EvenSuspended, InPerson, Limited, NeverStored } from '@app/platform';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBadRequestResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { type Caller, From } from '../sessions/origin.js';
import { ShowProof, StepUpView } from './mfa.dto.js';
import { StepUpService } from './step-up.service.js';

@ApiTags('auth')
@NeverStored()
@InPerson()
@Controller('auth/step-up')
export class StepUpController {
  constructor(private readonly steps: StepUpService) {}

  @Post()
  @EvenSuspended()
  @HttpCode(200)
  @AllowAuthenticated({ evenRestricted: 'mfa_enrolment_required' })
  @Limited('step-up', 20, 900)
  @ApiBadRequestResponse({ description: '`wrong_password` or `mfa_code_refused`.' })
  @ApiUnprocessableEntityResponse({ description: '`mfa_code_needed`: who has a second factor shows that.' })
  @ApiOperation({
    summary: 'Show again that it is me',
    description:
      'For routes that answer `step_up_required`, as deleting for good: they are open to this session for the next ten minutes. ' +
      'Takes a code or a recovery code, or the password of somebody without a second factor. A login counts as well.',
  })
  stepUp(@Body() body: ShowProof, @From() from: Caller): Promise<StepUpView> {
    return this.steps.stepUp(body, from).then((provenUntil) => ({ provenUntil }));
  }
}
