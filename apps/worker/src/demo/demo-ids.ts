/** Ids that are the same on every machine: the examples of the documentation name them. `series` tells the kind of record. */
export const demoId = (tenant: number, series: number, n: number): string =>
  `01920000-${hex(tenant, 4)}-7${hex(series, 3)}-8000-${hex(n, 12)}`;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export const SERIES = {
  user: 1,
  team: 2,
  mailbox: 3,
  customer: 4,
  contactPoint: 5,
  inquiry: 6,
  message: 7,
  clock: 8,
  response: 9,
  revision: 10,
  step: 11,
  approval: 12,
  decision: 13,
  macro: 14,
  survey: 15,
  watcher: 16,
  note: 17,
  tag: 18,
  recordTag: 19,
  file: 20,
  fileVersion: 21,
} as const;
