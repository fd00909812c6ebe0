import { Conflict, RuleBroken } from '@app/kernel';

const at = (pointer: string, code: string, message: string) => ({ errors: [{ pointer, code, message }] });

export class TeamNameTaken extends Conflict {
  constructor() {
    super('team_name_taken', 'There is a team of this name already', at('/name', 'team_name_taken', 'is taken'));
  }
}

/** A team would stand below itself, be it through others. */
export class TeamCircle extends RuleBroken {
  constructor() {
    const message = 'is this team itself or stands below it';
    super('team_circle', 'A team cannot stand below itself', at('/parentId', 'team_circle', message));
  }
}

export class TeamsTooDeep extends RuleBroken {
  constructor() {
    const message = 'would give more than ten levels of teams';
    super('teams_too_deep', 'Teams have at most ten levels', at('/parentId', 'teams_too_deep', message));
  }
}

export class ParentTeamNotFound extends RuleBroken {
  constructor() {
    super('team_not_found', 'There is no such team to stand below', at('/parentId', 'team_not_found', 'is no team'));
  }
}
