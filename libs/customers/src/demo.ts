/** Ids that the demo data has on every machine, so that examples answer when they are tried. */
export const DEMO = {
  customer: '01920000-0000-7000-8000-000000000301',
  user: '01920000-0000-7000-8000-000000000101',
  team: '01920000-0000-7000-8000-000000000401',
} as const;
