import { Conflict, Invalid, NotFound, RuleBroken } from '@app/kernel';

const at = (pointer: string, code: string, message: string) => [{ pointer, code, message }];

export class TaskInTrash extends Conflict {
  constructor(taskId: string) {
    super('task_in_trash', 'The task is in the trash: restore it first', { taskId });
  }
}

export class TaskNotInTrash extends Conflict {
  constructor(taskId: string) {
    super('task_not_in_trash', 'Only what is in the trash can be restored', { taskId });
  }
}

export class BlockNeedsReason extends RuleBroken {
  constructor() {
    const message = 'Say what blocks the task';
    super('block_needs_reason', message, { errors: at('/reason', 'block_needs_reason', message) });
  }
}

export class DueTwice extends Invalid {
  constructor() {
    const message = 'A task is due on a day or at a time, not both';
    super('due_twice', message, { errors: at('/dueOn', 'due_twice', message) });
  }
}

export class ZoneUnknown extends Invalid {
  constructor(zone: string) {
    const message = `${zone} is no IANA time zone`;
    super('zone_unknown', message, { errors: at('/zone', 'zone_unknown', message) });
  }
}

export class AssigneesUnavailable extends RuleBroken {
  constructor(userIds: readonly string[]) {
    const message = 'There is no active user with this id';
    super('assignee_unavailable', message, { userIds, errors: at('/assignees', 'assignee_unavailable', message) });
  }
}

export class TaskTeamNotFound extends RuleBroken {
  constructor() {
    const message = 'There is no such team';
    super('team_not_found', message, { errors: at('/teamId', 'team_not_found', message) });
  }
}

export class DependencyNotFound extends RuleBroken {
  constructor() {
    const message = 'There is no such task';
    super('dependency_not_found', message, { errors: at('/dependsOn', 'dependency_not_found', message) });
  }
}

/** Directly or over others: PostgreSQL finds it, however close two who close the circle come. */
export class DependencyCycle extends RuleBroken {
  constructor() {
    super('dependency_cycle', 'The task would wait for itself');
  }
}

export class DependenciesOpen extends Conflict {
  constructor(taskIds: readonly string[]) {
    super('dependencies_open', 'The task waits for others that are not done', { taskIds });
  }
}

export class TooManyDependencies extends RuleBroken {
  constructor(most: number) {
    super('too_many_dependencies', `A task waits for at most ${most} others`, { most });
  }
}

export class ItemNotFound extends NotFound {
  constructor(id: string) {
    super('not_found', `There is no item ${id} in the checklist`, { resource: 'checklist item', id });
  }
}

export class LinkedRecordNotFound extends RuleBroken {
  constructor(kind: string, id: string) {
    const message = `There is no such record among ${kind}`;
    super('linked_record_not_found', message, { kind, id, errors: at('/links', 'linked_record_not_found', message) });
  }
}

export class LinkKindUnknown extends Invalid {
  constructor(kind: string, known: readonly string[]) {
    const message = `${kind} is not one of ${known.join(', ')}`;
    super('link_kind_unknown', message, { known, errors: at('/links', 'link_kind_unknown', message) });
  }
}

export class TaskProjectNotFound extends RuleBroken {
  constructor() {
    const message = 'There is no such project';
    super('project_not_found', message, { errors: at('/projectId', 'project_not_found', message) });
  }
}

export class TaskMilestoneNotFound extends RuleBroken {
  constructor() {
    const message = 'The project has no such milestone';
    super('milestone_not_found', message, { errors: at('/milestoneId', 'milestone_not_found', message) });
  }
}
