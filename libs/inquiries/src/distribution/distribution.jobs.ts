import { defineJob } from '@app/platform';

export const DistributeTeam = defineJob<{ teamId: string }>(
  'inquiries.distribute-team',
  'Give what is nobody’s in a team to its people, as its rule says.',
);
