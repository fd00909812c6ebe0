import { Conflict } from '@app/kernel';

export class CalendarNameTaken extends Conflict {
  constructor(name: string) {
    super('calendar_name_taken', 'Another calendar has this name', { name });
  }
}

export class CalendarIsDefault extends Conflict {
  constructor(id: string) {
    super('calendar_is_default', 'The default calendar stays until another one is the default', { id });
  }
}

/** Teams work by it, or another context's records refer to it. */
export class CalendarInUse extends Conflict {
  constructor(id: string) {
    super('calendar_in_use', 'Teams or deadlines still run by this calendar', { id });
  }
}
