import { demoId, SERIES } from './demo-ids.js';
import type { DemoTenant } from './demo-people.js';
import type { DemoRow } from './demo-rows.js';

export const segmentRows = ({ index }: DemoTenant): DemoRow[] => [
  {
    id: demoId(index, SERIES.segment, 1),
    name: 'Customers who wait',
    description: 'With an open inquiry',
    condition: { field: 'inquiries.openCount', op: 'gte', value: 1 },
    created_by: demoId(index, SERIES.user, 1),
    version: 1,
  },
];
