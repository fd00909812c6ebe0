import { type FieldHost, FieldHostPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ProjectReach } from './project.reach.js';
import { ProjectList } from './projects.list.js';

/** Companies keep of projects what they want to. */
@Injectable()
@Provides(FieldHostPort)
export class ProjectFieldHost implements FieldHost {
  readonly list = ProjectList;

  constructor(readonly records: ProjectReach) {}
}
