import { MayBeAbsent, Tells } from '@app/platform';
import { ApiFieldValues } from '@app/records';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Currency, Day, Line } from '../fields.js';
import type { MilestoneDraft, Money, NewProject, ProjectDocument } from './project.entity.js';
import {
  MOST_MEMBERS,
  PROJECT_HEALTH,
  PROJECT_STATUSES,
  type ProjectHealth,
  type ProjectStatus,
} from './project.policy.js';

export class MoneyDto implements Money {
  /**
   * Minor units: cents.
   * @example 12000
   */
  @IsInt()
  @Min(0)
  @Max(1_000_000_000_000)
  amount: number;

  /**
   * ISO 4217.
   * @example "EUR"
   */
  @Currency()
  currency: string;
}

export class MilestoneInput {
  /** @example "Foundation" */
  @Line(1, 200)
  name: string;

  @ApiPropertyOptional({ type: String, format: 'date', nullable: true, example: '2026-12-01' })
  @IsOptional()
  @Day()
  dueOn?: string | null;

  @MayBeAbsent()
  @IsBoolean()
  isReached?: boolean;
}

export class MilestoneView {
  /** @example "01920000-0001-701a-8000-000000000001" */
  id: string;
  /** @example "Foundation" */
  name: string;
  @ApiProperty({ type: String, format: 'date', nullable: true, example: '2026-12-01' })
  dueOn: string | null;
  isReached: boolean;
}

@Tells('projects')
export class ProjectView {
  /** @example "01920000-0001-701c-8000-000000000001" */
  id: string;
  /** @example "New warehouse" */
  name: string;
  description: string;
  /** @example "01920000-0001-7004-8000-000000000001" */
  customerId: string | null;
  @ApiProperty({ enum: PROJECT_STATUSES, example: 'active' })
  status: ProjectStatus;
  @ApiProperty({ type: String, format: 'date', nullable: true, example: '2026-11-02' })
  startsOn: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true, example: '2027-03-31' })
  dueOn: string | null;
  /** @example 6000 */
  budgetMinutes: number | null;
  @ApiProperty({ type: MoneyDto, nullable: true })
  budget: Money | null;
  /** What an hour of work costs. */
  @ApiProperty({ type: MoneyDto, nullable: true })
  rate: Money | null;
  @ApiProperty({ type: [MilestoneView] })
  milestones: readonly MilestoneView[];
  members: string[];
  /**
   * What the company keeps of its projects besides, by the keys of its fields.
   * @example { "costCentre": "4711" }
   */
  customFields: Record<string, unknown>;
  teamId: string | null;
  /** Who answers for it. */
  ownerId: string;
  createdBy: string;
  closedAt: Date | null;
  /** Tasks that were not called off. */
  taskCount: number;
  doneCount: number;
  /** Open tasks that are overdue. */
  lateCount: number;
  loggedMinutes: number;
  /**
   * Per cent of the tasks that are done.
   * @example 40
   */
  progress: number;
  @ApiProperty({ enum: PROJECT_HEALTH, example: 'on_track' })
  health: ProjectHealth;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** The editable document. Status, members and milestones change by routes of their own. */
@Tells('projects')
export class ProjectInput {
  /** @example "New warehouse" */
  @Line(1, 200)
  name: string;

  @IsOptional()
  @IsString()
  @MaxLength(20_000)
  description?: string | null;

  /**
   * For whom; whoever names a customer must be able to see them.
   * @example "01920000-0001-7004-8000-000000000001"
   */
  @IsOptional()
  @IsUUID()
  customerId?: string | null;

  @ApiPropertyOptional({ type: String, format: 'date', nullable: true, example: '2026-11-02' })
  @IsOptional()
  @Day()
  startsOn?: string | null;

  @ApiPropertyOptional({ type: String, format: 'date', nullable: true, example: '2027-03-31' })
  @IsOptional()
  @Day()
  dueOn?: string | null;

  /** @example 6000 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  budgetMinutes?: number | null;

  @ApiPropertyOptional({ type: MoneyDto, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MoneyDto)
  budget?: MoneyDto | null;

  /** What an hour of work costs from now on: what is recorded keeps the rate it had. */
  @ApiPropertyOptional({ type: MoneyDto, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MoneyDto)
  rate?: MoneyDto | null;

  @IsOptional()
  @IsUUID()
  teamId?: string | null;

  /** Who answers for it: whoever creates it, unless given. An active user. */
  @MayBeAbsent()
  @IsUUID()
  ownerId?: string;

  @ApiFieldValues()
  customFields?: Record<string, unknown>;
}

@Tells('projects')
export class CreateProject extends ProjectInput {
  /**
   * Active users, who see the project and its tasks.
   * @example ["01920000-0001-7001-8000-000000000006"]
   */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_MEMBERS)
  @IsUUID(undefined, { each: true })
  members?: string[];

  /** A project that this one is made after: its milestones and tasks, and whatever is not given here. */
  @MayBeAbsent()
  @IsUUID()
  from?: string;
}

/** JSON Merge Patch: what is absent stays, what is null goes. */
@Tells('projects')
export class PatchProject extends PartialType(ProjectInput, { skipNullProperties: false }) {}

export class MoveProject {
  @ApiProperty({ enum: PROJECT_STATUSES, example: 'active' })
  @IsIn(PROJECT_STATUSES)
  status: ProjectStatus;

  /** Calls off the tasks that are still open, where the project is completed or cancelled. */
  @MayBeAbsent()
  @IsBoolean()
  force?: boolean;
}

export const toDocument = (body: ProjectInput): Partial<ProjectDocument> => ({
  name: body.name,
  description: body.description ?? '',
  customerId: body.customerId ?? null,
  startsOn: body.startsOn ?? null,
  dueOn: body.dueOn ?? null,
  budgetMinutes: body.budgetMinutes ?? null,
  budget: body.budget ?? null,
  rate: body.rate ?? null,
  teamId: body.teamId ?? null,
  ownerId: body.ownerId,
  customFields: body.customFields,
});

/** What is said of a project that is made after another one. */
export const toDifference = ({ from: _, name, description, ...rest }: CreateProject): NewProject => ({
  name,
  ...Object.fromEntries(
    Object.entries({ ...rest, description }).filter(([, value]) => value !== undefined && value !== null),
  ),
});

/** Without a team, the service finds the one of whoever creates it. */
export const toNewProject = (body: CreateProject): NewProject => ({
  ...toDocument(body),
  name: body.name,
  teamId: body.teamId,
  members: body.members,
});

export const toPatch = ({ description, ...rest }: PatchProject): Partial<ProjectDocument> => ({
  ...rest,
  ...(description !== undefined && { description: description ?? '' }),
});

export const toMilestone = ({ name, dueOn, isReached = false }: MilestoneInput): MilestoneDraft => ({
  name,
  dueOn: dueOn ?? null,
  isReached,
});
