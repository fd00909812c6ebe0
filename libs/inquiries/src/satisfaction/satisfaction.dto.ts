import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { Survey } from './survey.entity.js';

export class AnswerSurveyDto {
  /**
   * From 1, not at all content, to 5.
   * @example 5
   */
  @IsInt()
  @Min(1)
  @Max(5)
  score: number;

  /** @example "Quick and kind." */
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  comment?: string | null;
}

/** No more than whoever has the link needs. */
export class SurveyView {
  isAnswered: boolean;
  expiresAt: Date;
}

export class SatisfactionView {
  /** Null: nobody was asked. */
  askedAt: Date | null;
  answeredAt: Date | null;
  /** From 1 to 5. */
  score: number | null;
  /** Null also where something that was written in the inquiry is kept from you. */
  comment: string | null;
}

export const toSurveyView = ({ answeredAt, expiresAt }: Survey): SurveyView => ({
  isAnswered: answeredAt !== null,
  expiresAt,
});
