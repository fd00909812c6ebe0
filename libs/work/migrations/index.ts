import { Projects1764002020000 } from './1764002020000-projects.js';
import { Tasks1764002021000 } from './1764002021000-tasks.js';
import { TasksFollowMerges1764002120000 } from './1764002120000-tasks-follow-merges.js';
import { WorkFollowsMerges1764002071000 } from './1764002071000-work-follows-merges.js';
import { Worklogs1764002022000 } from './1764002022000-worklogs.js';
import { WorkIsFound1764002083000 } from './1764002083000-work-is-found.js';
import { WorkFields1764002240010 } from './1764002240010-work-fields.js';

export const workMigrations = [
  Projects1764002020000,
  Tasks1764002021000,
  Worklogs1764002022000,
  WorkFollowsMerges1764002071000,
  WorkIsFound1764002083000,
  TasksFollowMerges1764002120000,
  WorkFields1764002240010,
];
