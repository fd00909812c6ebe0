import { definePermissions } from '@app/kernel';

export const ViewPermissions = definePermissions('views', {
  use: 'Keep views of lists for oneself, and use those that others share.',
  share: 'Share views with a team or with everybody, and change those that others share.',
});

export const AUDIENCES = ['private', 'team', 'tenant'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** Of one owner. */
export const MOST_VIEWS = 200;
