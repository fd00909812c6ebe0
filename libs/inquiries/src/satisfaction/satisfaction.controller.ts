import { Allow, Limited, Public, UuidPipe } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { AnswerSurveyDto, SatisfactionView, SurveyView, toSurveyView } from './satisfaction.dto.js';
import { SurveysService } from './surveys.service.js';

@Controller('csat/:token')
@ApiTags('inquiries')
export class SurveysController {
  constructor(private readonly surveys: SurveysService) {}

  @Get()
  @Public()
  @Limited('csat', 30, 900)
  @ApiOperation({
    summary: 'See whether a survey can still be answered',
    description: 'By the token of the link that was mailed to the customer. 404 `survey_unknown`: none, or too old.',
  })
  show(@Param('token') token: string): Promise<SurveyView> {
    return this.surveys.show(token).then(toSurveyView);
  }

  @Post()
  @HttpCode(200)
  @Public()
  @Limited('csat', 30, 900)
  @ApiOperation({
    summary: 'Say how content one is, once',
    description: '404 `survey_unknown`, 409 `survey_answered`.',
  })
  answer(@Param('token') token: string, @Body() { score, comment = null }: AnswerSurveyDto): Promise<SurveyView> {
    return this.surveys.answer(token, { score, comment }).then(toSurveyView);
  }
}

@Controller('inquiries/:id/satisfaction')
@ApiTags('inquiries')
export class SatisfactionController {
  constructor(private readonly surveys: SurveysService) {}

  @Get()
  @Allow(InquiryPermissions.read)
  @ApiOperation({ summary: 'Read how content the customer is with an inquiry' })
  show(@Param('id', UuidPipe) id: string): Promise<SatisfactionView> {
    return this.surveys.of(id);
  }
}
