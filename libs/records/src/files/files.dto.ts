import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUUID, Length, Min } from 'class-validator';
import { FILE_STATES, type FileState } from './file.policy.js';

export class AddFileQuery {
  /**
   * What kind of record it belongs to: `customers`, `inquiries`.
   * @example "customers"
   */
  @IsString()
  @Length(1, 50)
  recordKind: string;

  /** @example "01920000-0001-7004-8000-000000000001" */
  @IsUUID()
  recordId: string;

  /**
   * What it is called, with its ending.
   * @example "offer.pdf"
   */
  @IsString()
  @Length(1, 255)
  name: string;
}

export class AddVersionQuery {
  /**
   * What it is called from now on; as before unless given.
   * @example "offer.pdf"
   */
  @IsOptional()
  @IsString()
  @Length(1, 255)
  name?: string;
}

const asNumber = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;

export class LinkQuery {
  /** Which version; the latest unless given. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, example: 1 })
  @IsOptional()
  @Transform(asNumber)
  @IsInt()
  @Min(1)
  number?: number;
}

export class FileView {
  id: string;
  recordKind: string;
  recordId: string;
  /** @example "offer.pdf" */
  name: string;
  /** By its bytes, whatever its sender called it. */
  mimeType: string;
  /** In bytes. */
  size: number;
  /** SHA-256 of its bytes, in hex. */
  sha256: string;
  @ApiProperty({ enum: FILE_STATES, example: 'available' })
  state: FileState;
  /** What was found in it. */
  finding: string | null;
  /** The number of its latest version, from 1. */
  latest: number;
  createdBy: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class FileVersionView {
  id: string;
  number: number;
  mimeType: string;
  size: number;
  sha256: string;
  @ApiProperty({ enum: FILE_STATES, example: 'available' })
  state: FileState;
  finding: string | null;
  createdBy: string;
  createdAt: Date;
}

export class FileLinkView {
  /** Leads to the file without a login, for five minutes; relative to the address of the API. */
  url: string;
  expiresAt: Date;
}
