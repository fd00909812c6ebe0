import { defineContext } from '@app/platform';
import { segmentsMigrations } from '../migrations/index.js';
import { Segment } from './segment.entity.js';
import { SegmentPermissions } from './segment.policy.js';
import { SegmentsApiModule } from './segments.module.js';

export const segmentsContext = defineContext({
  name: 'segments',
  version: '1.0.0',
  description: 'Audiences: customers by what all contexts know of them.',
  uses: ['auth', 'customers'],
  api: SegmentsApiModule,
  entities: [Segment],
  migrations: segmentsMigrations,
  permissions: [SegmentPermissions],
});
