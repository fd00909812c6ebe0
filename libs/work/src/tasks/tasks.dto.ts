import { Instant, IsZone, MayBeAbsent, Tells } from '@app/platform';
import { ApiFieldValues } from '@app/records';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { Day, Line } from '../fields.js';
import { RecurrenceDto, RecurrenceView } from '../recurrences/recurrence.dto.js';
import type { NewTask, TaskDocument } from './task.entity.js';
import {
  MOST_ASSIGNEES,
  MOST_DEPENDENCIES,
  MOST_ITEMS,
  MOST_LINKS,
  TASK_PRIORITIES,
  TASK_STATUSES,
  type TaskPriority,
  type TaskStatus,
} from './task.policy.js';

export class TaskLinkDto {
  /**
   * As in URLs and permissions: `customers`, `inquiries`, `responses`, `projects`.
   * @example "customers"
   */
  @IsString()
  @Matches(/^[a-z-]{1,40}$/)
  kind: string;

  /** @example "01920000-0001-7004-8000-000000000001" */
  @IsUUID()
  id: string;
}

export class ChecklistItemDto {
  /** Kept, where the item had one. */
  @MayBeAbsent()
  @IsUUID()
  id?: string;

  /** @example "Find the offer" */
  @Line(1, 500)
  text: string;

  @MayBeAbsent()
  @IsBoolean()
  isDone?: boolean;
}

export class ChecklistItemView {
  id: string;
  /** @example "Find the offer" */
  text: string;
  isDone: boolean;
}

@Tells('tasks')
export class TaskView {
  /** @example "01920000-0001-7019-8000-000000000001" */
  id: string;
  /** @example "Call Mira back" */
  title: string;
  description: string;
  @ApiProperty({ enum: TASK_STATUSES, example: 'todo' })
  status: TaskStatus;
  blockedBecause: string | null;
  @ApiProperty({ enum: TASK_PRIORITIES, example: 'normal' })
  priority: TaskPriority;
  /** Of what is due on a day, the end of that day in `zone`. */
  dueAt: Date | null;
  @ApiProperty({ type: String, format: 'date', nullable: true, example: '2026-11-06' })
  dueOn: string | null;
  /** @example "Europe/Berlin" */
  zone: string;
  projectId: string | null;
  milestoneId: string | null;
  teamId: string | null;
  assignees: string[];
  /** The tasks that must be done before this one. */
  dependsOn: string[];
  @ApiProperty({ type: [ChecklistItemView] })
  checklist: readonly ChecklistItemView[];
  @ApiProperty({ type: [TaskLinkDto] })
  links: readonly TaskLinkDto[];
  /**
   * What the company keeps of its tasks besides, by the keys of its fields.
   * @example { "costCentre": "4711" }
   */
  customFields: Record<string, unknown>;
  recurrence: RecurrenceView | null;
  /** The day for which it came, where it comes again; its own may have been moved since. */
  @ApiProperty({ type: String, format: 'date', nullable: true, example: '2026-11-02' })
  occurrence: string | null;
  createdBy: string;
  completedAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

@Tells('tasks')
export class TrashedTaskView extends TaskView {
  deletedAt: Date;
  deletedBy: string;
}

/** The editable document. The status, what it waits for and how it comes again change by routes of their own. */
@Tells('tasks')
export class TaskInput {
  /** @example "Call Mira back" */
  @Line(1, 300)
  title: string;

  /** @example "She asked about the second invoice." */
  @IsOptional()
  @IsString()
  @MaxLength(20_000)
  description?: string | null;

  @ApiPropertyOptional({ enum: TASK_PRIORITIES, default: 'normal' })
  @MayBeAbsent()
  @IsIn(TASK_PRIORITIES)
  priority?: TaskPriority;

  /** Due at a time, or with `dueOn` on a day. */
  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, example: '2026-11-06T14:00:00Z' })
  @IsOptional()
  @Instant()
  dueAt?: Date | null;

  @ApiPropertyOptional({ type: String, format: 'date', nullable: true })
  @IsOptional()
  @Day()
  dueOn?: string | null;

  /**
   * Whose day and whose clock is meant; the tenant's unless given.
   * @example "Europe/Berlin"
   */
  @MayBeAbsent()
  @IsZone()
  zone?: string;

  @IsOptional()
  @IsUUID()
  projectId?: string | null;

  @IsOptional()
  @IsUUID()
  milestoneId?: string | null;

  /** The team whose members reach the task while nobody does it. */
  @IsOptional()
  @IsUUID()
  teamId?: string | null;

  /**
   * Active users.
   * @example ["01920000-0001-7001-8000-000000000006"]
   */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_ASSIGNEES)
  @IsUUID(undefined, { each: true })
  assignees?: string[];

  @ApiPropertyOptional({ type: [ChecklistItemDto] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_ITEMS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ChecklistItemDto)
  checklist?: ChecklistItemDto[];

  /** Records that it is about; whoever links one must be able to see it. */
  @ApiPropertyOptional({ type: [TaskLinkDto] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_LINKS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => TaskLinkDto)
  links?: TaskLinkDto[];

  @ApiFieldValues()
  customFields?: Record<string, unknown>;
}

@Tells('tasks')
export class CreateTask extends TaskInput {
  /** The tasks that must be done before this one. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_DEPENDENCIES)
  @IsUUID(undefined, { each: true })
  dependsOn?: string[];

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => RecurrenceDto)
  recurrence?: RecurrenceDto;
}

/** JSON Merge Patch: what is absent stays, what is null goes. */
@Tells('tasks')
export class PatchTask extends PartialType(TaskInput, { skipNullProperties: false }) {}

@Tells('tasks', { reason: 'blockedBecause' })
export class MoveTask {
  @ApiProperty({ enum: TASK_STATUSES, example: 'in_progress' })
  @IsIn(TASK_STATUSES)
  status: TaskStatus;

  /**
   * What blocks it; needed for `blocked`.
   * @example "Waits for the carrier"
   */
  @IsOptional()
  @Line(0, 500)
  reason?: string | null;
}

export class TickItem {
  /** @example true */
  @IsBoolean()
  isDone: boolean;
}

/** `zone` stays as it is where none is given. */
export const toDocument = (body: TaskInput): Partial<TaskDocument> => ({
  title: body.title,
  description: body.description ?? '',
  priority: body.priority ?? 'normal',
  dueAt: body.dueAt ?? null,
  dueOn: body.dueOn ?? null,
  zone: body.zone,
  projectId: body.projectId ?? null,
  milestoneId: body.milestoneId ?? null,
  teamId: body.teamId ?? null,
  assignees: body.assignees ?? [],
  checklist: body.checklist ?? [],
  links: body.links ?? [],
  customFields: body.customFields,
});

/** Without a team, the service finds the one of whoever creates it; without a zone, the tenant's. */
export const toNewTask = ({ recurrence: _, ...body }: CreateTask): Omit<NewTask, 'zone'> & { zone?: string } => ({
  ...toDocument(body),
  title: body.title,
  teamId: body.teamId,
  dependsOn: body.dependsOn,
});

export const toPatch = ({ description, ...rest }: PatchTask): Partial<TaskDocument> => ({
  ...rest,
  ...(description !== undefined && { description: description ?? '' }),
});
