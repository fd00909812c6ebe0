import { Projects1764002020000 } from './1764002020000-projects.js';
import { TaskLinksFollowMerges1764002130000 } from './1764002130000-task-links-follow-merges.js';
import { Tasks1764002021000 } from './1764002021000-tasks.js';
import { WorkFollowsMerges1764002071000 } from './1764002071000-work-follows-merges.js';
import { Worklogs1764002022000 } from './1764002022000-worklogs.js';

export const workMigrations = [
  Projects1764002020000,
  Tasks1764002021000,
  Worklogs1764002022000,
  WorkFollowsMerges1764002071000,
  TaskLinksFollowMerges1764002130000,
];
