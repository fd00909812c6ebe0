import { Provides, type Searchable, SearchablePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { TaskReach } from './task.reach.js';

/** By title and description. */
@Injectable()
@Provides(SearchablePort)
export class SearchableTasks implements Searchable {
  readonly tells = { title: ['title'], body: ['description'] };

  constructor(readonly records: TaskReach) {}
}
