import { Conflict, NotFound } from '@app/kernel';

export class SurveyUnknown extends NotFound {
  constructor() {
    super('survey_unknown', 'This link leads to no survey, or is too old');
  }
}

export class SurveyAnswered extends Conflict {
  constructor() {
    super('survey_answered', 'The survey was answered already; thank you');
  }
}
