import { type FieldHost, FieldHostPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { TaskReach } from './task.reach.js';
import { TaskList } from './tasks.list.js';

/** Companies keep of tasks what they want to. */
@Injectable()
@Provides(FieldHostPort)
export class TaskFieldHost implements FieldHost {
  readonly list = TaskList;

  constructor(readonly records: TaskReach) {}
}
