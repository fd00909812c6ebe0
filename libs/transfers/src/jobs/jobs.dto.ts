import { ApiProperty } from '@nestjs/swagger';
import { JOB_STATES, type JobState } from './job.policy.js';

export class JobProblemView {
  /** @example "wrong_encoding" */
  code: string;
  detail: string;
}

export class JobView {
  /** @example "01920000-0001-7045-8000-000000000001" */
  id: string;
  /**
   * What it does.
   * @example "imports.run"
   */
  kind: string;
  /** The record that it is about: of `imports.run` the import. */
  subjectId: string;
  @ApiProperty({ enum: JOB_STATES, example: 'running' })
  state: JobState;
  /**
   * How many are done.
   * @example 1500
   */
  done: number;
  /** Of how many; null while they are not counted yet. */
  total: number | null;
  /**
   * What became of those that are done.
   * @example { "created": 1490, "refused": 10 }
   */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' } })
  tally: Record<string, number>;
  /** Where its result is read, once there is one. */
  resultUrl: string | null;
  @ApiProperty({ type: JobProblemView, nullable: true })
  problem: JobProblemView | null;
  /** Somebody asked it to stop; the worker does so between two portions. */
  isCancelAsked: boolean;
  createdBy: string;
  startedAt: Date | null;
  finishedAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}
