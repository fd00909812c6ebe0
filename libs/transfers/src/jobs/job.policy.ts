import { StateMachine } from '@app/kernel';

export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A job that was asked to stop is cancelled by the worker, between two portions of it. */
export const JOB_STATE = new StateMachine<JobState>('job', 'queued', {
  queued: ['running', 'failed', 'cancelled'],
  running: ['done', 'failed', 'cancelled'],
  done: [],
  failed: [],
  cancelled: [],
});
