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
  deal: 17,
  pipeline: 18,
  stage: 19,
  exchangeRate: 20,
  taxClass: 21,
  product: 22,
  price: 23,
  dealItem: 24,
  task: 25,
  milestone: 26,
  worklog: 27,
  project: 28,
  recurrence: 29,
  checklistItem: 30,
  company: 31,
  companyContact: 32,
  duplicate: 33,
  duplicateScan: 34,
} as const;
