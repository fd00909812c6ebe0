import { Conflict, RuleBroken } from '@app/kernel';

export class PipelineNameTaken extends Conflict {
  constructor(name: string) {
    super('pipeline_name_taken', `There is a pipeline called ${name} already`);
  }
}

export class StageNameTaken extends Conflict {
  constructor(name: string) {
    super('stage_name_taken', `The pipeline has a stage called ${name} already`);
  }
}

/** Also by deals in the trash, which may come back. */
export class PipelineInUse extends Conflict {
  constructor() {
    super('pipeline_in_use', 'Deals stand in the pipeline; move them first');
  }
}

export class DefaultPipelineStays extends Conflict {
  constructor() {
    super('default_pipeline_stays', 'New deals go into the default pipeline; make another one the default first');
  }
}

export class LastStageStays extends Conflict {
  constructor() {
    super('last_stage_stays', 'A pipeline has one stage at least');
  }
}

export class TooManyStages extends RuleBroken {
  constructor(most: number) {
    super('too_many_stages', `A pipeline has at most ${most} stages`);
  }
}

export class PipelineUnknown extends RuleBroken {
  constructor() {
    const message = 'There is no pipeline with this id';
    super('pipeline_unknown', message, { errors: [{ pointer: '/pipelineId', code: 'pipeline_unknown', message }] });
  }
}

export class StageUnknown extends RuleBroken {
  constructor(pointer: string) {
    const message = 'There is no such stage';
    super('stage_unknown', message, { errors: [{ pointer, code: 'stage_unknown', message }] });
  }
}

/** What is in the stage goes where the caller says. */
export class StageNeedsTarget extends Conflict {
  constructor(deals: number) {
    super('stage_needs_target', 'Deals stand in the stage; name in `to` the stage that they go to', { deals });
  }
}
