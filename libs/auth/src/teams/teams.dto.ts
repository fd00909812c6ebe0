import { PartialType } from '@nestjs/swagger';
import { IsBoolean, IsString, Length, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../may-be-absent.js';

export class TeamDocument {
  /** @example "Front desk" */
  @IsString()
  @Length(1, 100)
  name: string;

  /** @example "First answers, Monday to Friday" */
  @MayBeAbsent()
  @IsString()
  @MaxLength(1000)
  description?: string;
}

export class EditTeam extends PartialType(TeamDocument, { skipNullProperties: false }) {}

export class Enrol {
  /** Whether the member leads the team. */
  @MayBeAbsent()
  @IsBoolean()
  isLead?: boolean;
}

export class TeamMemberView {
  /** @example "01920000-0000-7000-8000-000000000101" */
  id: string;
  /** @example "Clara Sommer" */
  name: string;
  isLead: boolean;
}

export class TeamView {
  /** @example "01920000-0000-7000-8000-000000000301" */
  id: string;
  /** @example "Front desk" */
  name: string;
  /** @example "First answers, Monday to Friday" */
  description: string;
  members: TeamMemberView[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}
