import { TaskSurroundings } from './task-surroundings.js';
import { TaskWriting } from './task-writing.js';
import { TasksImportable } from './tasks.importable.js';

export const IMPORTING = [TasksImportable, TaskSurroundings, TaskWriting];
