import { DateTime } from 'luxon';
import type { Desk } from './demo-customers.js';
import { demoId, SERIES } from './demo-ids.js';
import type { DemoTenant } from './demo-people.js';
import type { DemoRow } from './demo-rows.js';

const TASKS = 24;
const WORKLOGS = 12;
const STATUSES = ['todo', 'todo', 'in_progress', 'blocked', 'done', 'review'] as const;
const PRIORITIES = ['normal', 'high', 'low', 'urgent'] as const;
const TITLES = ['Call back', 'Write the offer', 'Check the invoice', 'Prepare the visit', 'Order the brochures'];
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
const dayOf = (now: Date, zone: string, days: number): string =>
  DateTime.fromJSDate(now, { zone }).plus({ days }).toISODate() ?? '';
const endOf = (day: string, zone: string): string =>
  DateTime.fromISO(`${day}T23:59:59`, { zone }).toUTC().toISO() ?? '';

/** One that runs, with milestones and members, and one that is planned. */
export function projectRows({ index, zone }: DemoTenant, desk: Desk, now: Date): DemoRow[] {
  const common = { description: '', team_id: desk.team, created_by: desk.manager, owner_id: desk.manager };
  const stamps = { version: 1, created_at: now.toISOString(), updated_at: now.toISOString() };
  const milestone = (n: number, name: string, days: number): object => ({
    ...{ id: demoId(index, SERIES.milestone, n), name, dueOn: dayOf(now, zone, days), isReached: n === 1 },
  });
  return [
    {
      ...{ ...common, id: demoId(index, SERIES.project, 1), name: 'New brochure', status: 'active' },
      ...{ customer_id: demoId(index, SERIES.customer, 1), members: [desk.cso, desk.cso2] },
      ...{ starts_on: dayOf(now, zone, -14), due_on: dayOf(now, zone, 60), budget_minutes: 6000 },
      ...{ budget_amount: 500_000, rate_amount: 9_000, currency: 'EUR' },
      milestones: [milestone(1, 'Draft', -3), milestone(2, 'Print', 30)],
      ...stamps,
    },
    {
      ...{ ...common, id: demoId(index, SERIES.project, 2), name: 'Autumn fair', status: 'planned' },
      ...{ customer_id: null, members: [], starts_on: null, due_on: null, budget_minutes: null },
      ...{ budget_amount: null, rate_amount: null, currency: null, milestones: [] },
      ...stamps,
    },
  ];
}

const isDone = (n: number): boolean => at(STATUSES, n) === 'done';
/** The third task is the one that comes again. */
const RECURRING = 2;

export const recurrenceRows = ({ index, zone }: DemoTenant, desk: Desk, now: Date): DemoRow[] => [
  {
    ...{ id: demoId(index, SERIES.recurrence, 1), rule: 'FREQ=WEEKLY', basis: 'due', catch_up: 'all', zone },
    ...{ starts_on: dayOf(now, zone, RECURRING), last_on: dayOf(now, zone, RECURRING), occurrences: 1 },
    next_on: dayOf(now, zone, RECURRING + 7),
    next_due_at: endOf(dayOf(now, zone, RECURRING + 7), zone),
    latest_task_id: demoId(index, SERIES.task, RECURRING + 1),
    template: {
      title: at(TITLES, RECURRING),
      description: '',
      priority: at(PRIORITIES, RECURRING),
      checklist: [],
      links: [],
    },
    ...{ assignees: [desk.cso], created_by: desk.manager, version: 1 },
    ...{ created_at: now.toISOString(), updated_at: now.toISOString() },
  },
];

/** The first is about the first customer, in the running project, and the second waits for it. */
export function taskRows({ index, zone }: DemoTenant, desk: Desk, now: Date): DemoRow[] {
  return Array.from({ length: TASKS }, (_, n) => {
    const due = dayOf(now, zone, n - 4 * Number(n > 12));
    const created = new Date(now.getTime() - (n + 1) * DAY).toISOString();
    return {
      ...{ id: demoId(index, SERIES.task, n + 1), title: at(TITLES, n), description: '' },
      ...{ status: at(STATUSES, n), blocked_because: at(STATUSES, n) === 'blocked' ? 'Waits for the printer' : null },
      ...{ priority: at(PRIORITIES, n), due_on: due, due_at: endOf(due, zone), zone },
      project_id: n % 3 === 0 ? demoId(index, SERIES.project, 1) : null,
      milestone_id: n === 0 ? demoId(index, SERIES.milestone, 2) : null,
      team_id: desk.team,
      assignees: [at([desk.cso, desk.cso2], n)],
      depends_on: n === 1 ? [demoId(index, SERIES.task, 1)] : [],
      checklist: n === 0 ? [{ id: demoId(index, SERIES.checklistItem, 1), text: 'Find the offer', isDone: false }] : [],
      links: n % 2 === 0 ? [{ kind: 'customers', id: demoId(index, SERIES.customer, n + 1) }] : [],
      recurrence_id: n === RECURRING ? demoId(index, SERIES.recurrence, 1) : null,
      occurrence: n === RECURRING ? due : null,
      created_by: desk.manager,
      completed_at: isDone(n) ? now.toISOString() : null,
      ...{ version: 1, created_at: created, updated_at: created },
    };
  });
}

/** Of two officers; every third is approved. */
export function worklogRows({ index }: DemoTenant, desk: Desk, now: Date): DemoRow[] {
  return Array.from({ length: WORKLOGS }, (_, n) => {
    const started = now.getTime() - (n + 1) * DAY;
    const minutes = 30 + 15 * (n % 4);
    const isApproved = n % 3 === 1;
    return {
      ...{ id: demoId(index, SERIES.worklog, n + 1), user_id: at([desk.cso, desk.cso2], n) },
      customer_id: demoId(index, SERIES.customer, 1),
      ...{ project_id: demoId(index, SERIES.project, 1), task_id: demoId(index, SERIES.task, 1) },
      ...{
        description: at(TITLES, n),
        status: isApproved ? 'approved' : 'recorded',
        minutes,
        is_billable: n % 4 !== 3,
      },
      started_at: new Date(started).toISOString(),
      ended_at: new Date(started + minutes * MINUTE).toISOString(),
      ...{ rate_amount: 9_000, currency: 'EUR', version: 1 },
      approved_at: isApproved ? now.toISOString() : null,
      approved_by: isApproved ? desk.manager : null,
      ...{ created_at: new Date(started).toISOString(), updated_at: new Date(started).toISOString() },
    };
  });
}
