import { EXPORT_FORMATS, type ExportFormat, MayBeAbsent } from '@app/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsString, Length } from 'class-validator';
import { EXPORT_STATES, type ExportState } from './export.policy.js';

export class AskExport {
  /**
   * Which list: `customers`.
   * @example "customers"
   */
  @IsString()
  @Length(1, 50)
  entity: string;

  @ApiPropertyOptional({ enum: EXPORT_FORMATS, default: 'csv' })
  @MayBeAbsent()
  @IsIn(EXPORT_FORMATS)
  format?: ExportFormat;

  /**
   * As the body of the list’s search: `where`, `q`, `sort`, `fields`.
   * @example { "where": { "field": "status", "op": "eq", "value": "lead" }, "sort": "-createdAt" }
   */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @MayBeAbsent()
  @IsObject()
  query?: Record<string, unknown>;
}

export class ExportView {
  /** @example "01920000-0001-7047-8000-000000000001" */
  id: string;
  /** @example "customers" */
  entity: string;
  @ApiProperty({ enum: EXPORT_FORMATS, example: 'csv' })
  format: ExportFormat;
  @ApiProperty({ type: 'object', additionalProperties: true })
  query: Record<string, unknown>;
  @ApiProperty({ enum: EXPORT_STATES, example: 'ready' })
  state: ExportState;
  /** The job that writes it: `GET /jobs/:id`. */
  jobId: string | null;
  size: number | null;
  rowCount: number | null;
  createdBy: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class ExportLinkView {
  /**
   * Leads to the file without a login.
   * @example "/api/v1/exports/content/AZIAAAAAcACAAAAAAAAACg"
   */
  url: string;
  expiresAt: Date;
}
