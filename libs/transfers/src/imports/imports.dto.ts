import { IMPORT_MODES, type ImportMode, MayBeAbsent, OneLine } from '@app/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsByteLength,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { IMPORT_STATES, type ImportState, MOST_COLUMNS, ROW_OUTCOMES, type RowOutcome } from './import.policy.js';
import { DATE_FORMATS, type Mapping, NUMBER_FORMATS } from './mapping.js';
import { DELIMITERS } from './reading/csv-head.js';
import type { CsvShape } from './reading/csv-rows.js';
import { type Encoding, ENCODINGS } from './reading/encoding.js';

class ImportShape {
  /** Told by the file’s beginning unless given. */
  @ApiPropertyOptional({ enum: ENCODINGS })
  @IsOptional()
  @IsIn(ENCODINGS)
  encoding?: Encoding;

  /** Told by the file’s first line unless given. */
  @ApiPropertyOptional({ enum: DELIMITERS })
  @IsOptional()
  @IsIn(DELIMITERS)
  delimiter?: string;
}

export class UploadImport extends ImportShape {
  @ApiProperty({ description: 'What the rows are: `customers`.', example: 'customers' })
  @IsString()
  @Length(1, 50)
  entity: string;

  /** Its name, of 255 UTF-16 units at most: what file systems take. */
  @ApiProperty({ type: 'string', format: 'binary', description: 'A CSV.' })
  @OneLine()
  @IsString()
  @IsByteLength(1, 3 * 255)
  file: string;
}

export class ColumnMapping {
  /** @example "E-mail" */
  @IsString()
  @MaxLength(1000)
  column: string;

  /** @example "email" */
  @IsString()
  @MaxLength(100)
  field: string;
}

export class MapImport extends ImportShape {
  /**
   * Columns that are not named are left out.
   * @example [{ "column": "First name", "field": "firstName" }, { "column": "E-mail", "field": "email" }]
   */
  @ApiProperty({ type: [ColumnMapping] })
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_COLUMNS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ColumnMapping)
  columns: ColumnMapping[];

  /** `create`: who is there already is refused; `update`: who is not; `upsert`: either. */
  @ApiProperty({ enum: IMPORT_MODES, example: 'upsert' })
  @IsIn(IMPORT_MODES)
  mode: ImportMode;

  /**
   * By which fields a record is found, in this order.
   * @example ["email"]
   */
  @MayBeAbsent()
  @ArrayMaxSize(5)
  @IsString({ each: true })
  match?: string[];

  /** How numbers are written: `1234.5` or `1.234,5`. */
  @ApiPropertyOptional({ enum: NUMBER_FORMATS, default: 'point' })
  @MayBeAbsent()
  @IsIn(NUMBER_FORMATS)
  numbers?: (typeof NUMBER_FORMATS)[number];

  /** How dates are written: `2026-11-30`, `30.11.2026` or `11/30/2026`. */
  @ApiPropertyOptional({ enum: DATE_FORMATS, default: 'iso' })
  @MayBeAbsent()
  @IsIn(DATE_FORMATS)
  dates?: (typeof DATE_FORMATS)[number];
}

export const toMapping = ({ columns, mode, match = [], numbers = 'point', dates = 'iso' }: MapImport): Mapping => ({
  columns: columns.map(({ column, field }) => ({ column, field })),
  ...{ mode, match, numbers, dates },
});

export const shapeSaid = ({ encoding, delimiter }: ImportShape): Partial<CsvShape> => ({
  ...(encoding && { encoding }),
  ...(delimiter && { delimiter }),
});

export class MappingView {
  @ApiProperty({ type: [ColumnMapping] })
  columns: ColumnMapping[];
  @ApiProperty({ enum: IMPORT_MODES, example: 'upsert' })
  mode: ImportMode;
  /** @example ["email"] */
  match: string[];
  @ApiProperty({ enum: NUMBER_FORMATS })
  numbers: string;
  @ApiProperty({ enum: DATE_FORMATS })
  dates: string;
}

export class ImportView {
  /** @example "01920000-0001-7046-8000-000000000001" */
  id: string;
  /** @example "customers" */
  entity: string;
  /** @example "contacts.csv" */
  name: string;
  size: number;
  @ApiProperty({ enum: IMPORT_STATES, example: 'ready' })
  state: ImportState;
  @ApiProperty({ enum: ENCODINGS, example: 'utf-8' })
  encoding: Encoding;
  @ApiProperty({ enum: DELIMITERS, example: ';' })
  delimiter: string;
  /** @example ["First name", "E-mail"] */
  columns: string[];
  /** The first rows, as they are written. */
  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: { type: 'string' } },
    example: [['Mira', 'm@x.example']],
  })
  sample: string[][];
  @ApiProperty({ type: MappingView, nullable: true })
  mapping: MappingView | null;
  /** Rows below the header; null until a worker has read the whole file. */
  rowCount: number | null;
  /** The job that works on it, or did last: `GET /jobs/:id`. */
  jobId: string | null;
  /**
   * What became of its rows, or would in the dry run; `undone` and `kept` of those that were taken back.
   * @example { "created": 9, "refused": 1 }
   */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' }, nullable: true })
  report: Record<string, number> | null;
  createdBy: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class ImportRowView {
  id: string;
  /**
   * As a spreadsheet counts: the header is row 1.
   * @example 3
   */
  number: number;
  @ApiProperty({ enum: ROW_OUTCOMES, example: 'refused' })
  outcome: RowOutcome;
  /** The record that came of it. */
  recordId: string | null;
  /**
   * Why it was refused, or kept when the import was taken back.
   * @example "email_taken"
   */
  code: string | null;
  detail: string | null;
  /** @example "email" */
  field: string | null;
}
