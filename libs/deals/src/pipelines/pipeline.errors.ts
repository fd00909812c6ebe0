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

/** Whoever removes it, by any deals, also those in the trash, which may come back; whoever archives it, by those that are open. */
export class PipelineInUse extends Conflict {
  constructor(openDeals?: number) {
    const which = openDeals === undefined ? 'Deals stand' : `${openDeals} open deals stand`;
    super(
      'pipeline_in_use',
      `${which} in the pipeline; move them first`,
      openDeals === undefined ? {} : { deals: openDeals },
    );
  }
}

export class PipelineArchived extends Conflict {
  constructor() {
    super('pipeline_archived', 'The pipeline is archived, and no deal is open in it: restore it first');
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
