import { MayBeAbsent } from '@app/platform';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';

export class TeamDocument {
  /** @example "Returns" */
  @IsString()
  @Length(1, 100)
  name: string;

  /** @example "Takes back what was not right" */
  @MayBeAbsent()
  @IsString()
  @MaxLength(1000)
  description?: string;

  /** The team above it: whoever leads that one, or one above it, reaches this one. */
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true, example: null })
  @IsOptional()
  @IsUUID()
  parentId?: string | null;
}

export class EditTeam extends PartialType(TeamDocument, { skipNullProperties: false }) {}

export class Enrol {
  /** Whether the member leads the team. */
  @MayBeAbsent()
  @IsBoolean()
  isLead?: boolean;
}

export class TeamMemberView {
  /** @example "01920000-0001-7001-8000-000000000006" */
  id: string;
  /** @example "Clara Officer" */
  name: string;
  isLead: boolean;
}

export class TeamView {
  /** @example "01920000-0001-7002-8000-000000000001" */
  id: string;
  /** @example "Support" */
  name: string;
  /** @example "Answers customers" */
  description: string;
  /** The team above it. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  parentId: string | null;
  members: TeamMemberView[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}
