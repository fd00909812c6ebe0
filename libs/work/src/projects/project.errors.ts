import { Conflict, NotFound, RuleBroken } from '@app/kernel';

const at = (pointer: string, code: string, message: string) => [{ pointer, code, message }];

export class ProjectClosed extends Conflict {
  constructor(projectId: string, status: string) {
    super('project_closed', `The project is ${status}: nothing in it changes any more`, { projectId });
  }
}

export class TasksOpen extends Conflict {
  constructor(count: number) {
    super('tasks_open', 'The project has tasks that are not done; say `force` to cancel them', { count });
  }
}

export class MilestoneNotFound extends NotFound {
  constructor(id: string) {
    super('not_found', `The project has no milestone ${id}`, { resource: 'milestone', id });
  }
}

export class TooManyMilestones extends RuleBroken {
  constructor(most: number) {
    super('too_many_milestones', `A project has at most ${most} milestones`, { most });
  }
}

export class TooManyMembers extends RuleBroken {
  constructor(most: number) {
    super('too_many_members', `A project has at most ${most} members`, { most });
  }
}

export class OwnerUnavailable extends RuleBroken {
  constructor() {
    const message = 'There is no active user with this id';
    super('owner_unavailable', message, { errors: at('/ownerId', 'owner_unavailable', message) });
  }
}

export class MemberUnavailable extends RuleBroken {
  constructor(userId: string) {
    super('member_unavailable', 'There is no active user with this id', { userId });
  }
}

export class ProjectCustomerNotFound extends RuleBroken {
  constructor() {
    const message = 'There is no such customer';
    super('customer_not_found', message, { errors: at('/customerId', 'customer_not_found', message) });
  }
}

export class ProjectTeamNotFound extends RuleBroken {
  constructor() {
    const message = 'There is no such team';
    super('team_not_found', message, { errors: at('/teamId', 'team_not_found', message) });
  }
}

export class TemplateNotFound extends RuleBroken {
  constructor() {
    const message = 'There is no such project';
    super('project_not_found', message, { errors: at('/from', 'project_not_found', message) });
  }
}

export class TemplateTooLarge extends RuleBroken {
  constructor(most: number) {
    super('template_too_large', `A project is made after one of at most ${most} tasks`, { most });
  }
}

export class ProjectEndsBeforeItStarts extends RuleBroken {
  constructor() {
    const message = 'The project is due before it starts';
    super('due_before_start', message, { errors: at('/dueOn', 'due_before_start', message) });
  }
}

export class CurrencyMixed extends RuleBroken {
  constructor() {
    const message = 'Budget and rate are in one currency';
    super('currency_mixed', message, { errors: at('/rate/currency', 'currency_mixed', message) });
  }
}
