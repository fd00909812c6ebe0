import { OneLine } from '@app/platform';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import { IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import type { Macro, MacroDocument } from './macro.entity.js';
import { MACRO_VARIABLES } from './macro-text.js';

const LONGEST_BODY = 20_000;

export class MacroDto {
  /** @example "Parcel is late" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  name: string;

  /**
   * With variables: `{{customer.firstName}}`, `{{customer.lastName}}`, `{{customer.name}}`, `{{inquiry.number}}`,
   * `{{inquiry.subject}}`, `{{agent.name}}`.
   * @example "Dear {{customer.firstName}}, your parcel is late. We look after {{inquiry.number}}. {{agent.name}}"
   */
  @IsString()
  @Length(1, LONGEST_BODY)
  @Matches(/\S/, { message: 'must say something' })
  body: string;

  /** Whose it is; null, or absent: everybody’s. */
  @IsOptional()
  @IsUUID()
  teamId?: string | null;
}

export class EditMacroDto extends PartialType(MacroDto, { skipNullProperties: false }) {}

export class FillMacroDto {
  /** @example "01920000-0001-7006-8000-000000000002" */
  @IsUUID()
  inquiryId: string;
}

export class FilledMacroView {
  /** @example "Dear Grace, your parcel is late. We look after INQ-000002. Mira" */
  text: string;
  /** Variables that stand for nothing in this inquiry, and were left out. */
  @ApiProperty({ enum: MACRO_VARIABLES, isArray: true, example: [] })
  missing: string[];
}

export class MacroView {
  id: string;
  name: string;
  body: string;
  teamId: string | null;
  createdBy: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const toMacroView = (macro: Macro): MacroView => {
  const { id, name, body, teamId, createdBy, version, createdAt, updatedAt } = macro;
  return { id, name, body, teamId, createdBy, version, createdAt, updatedAt };
};

export const toMacro = ({ name, body, teamId = null }: MacroDto): MacroDocument => ({ name, body, teamId });
