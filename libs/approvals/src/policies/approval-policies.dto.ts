import { Transform } from 'class-transformer';
import { IsBoolean, IsString, Length } from 'class-validator';

const trimmed = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.trim() : value);

export class ApprovalPolicyDto {
  /** @example "Four eyes" */
  @Transform(trimmed)
  @IsString()
  @Length(1, 100)
  name: string;

  /**
   * Whether who wrote, edited or submitted something may approve it; each such approval is flagged in the audit trail.
   * @example false
   */
  @IsBoolean()
  allowSelfApproval: boolean;

  /**
   * An inactive policy leaves the default in force: one other person decides.
   * @example true
   */
  @IsBoolean()
  isActive: boolean;
}

export class ApprovalPolicyView extends ApprovalPolicyDto {
  /** @example "responses.response" */
  subjectKind: string;
  /** How many people must approve. */
  required: number;
  /** 0 while the kind has no policy of its own and the default is in force. */
  version: number;
  updatedAt: Date | null;
}
