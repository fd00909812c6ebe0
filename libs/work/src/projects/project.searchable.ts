import { Provides, type Searchable, SearchablePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ProjectReach } from './project.reach.js';

/** By name and description. */
@Injectable()
@Provides(SearchablePort)
export class SearchableProjects implements Searchable {
  readonly tells = { title: ['name'], body: ['description'] };

  constructor(readonly records: ProjectReach) {}
}
