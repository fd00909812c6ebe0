import { IsIn, IsString, IsUUID, MaxLength } from 'class-validator';

export class RecordDto {
  /** As in URLs and permissions: `inquiries`. */
  @IsString() @MaxLength(50) readonly kind: string;
  @IsUUID() readonly id: string;
}

export class PresenceDto extends RecordDto {
  /** `away`: still told of changes, and no longer seen by the others. */
  @IsIn(['viewing', 'typing', 'away']) readonly state: 'viewing' | 'typing' | 'away';
}

export class RenewalDto {
  /** A fresh access token of the same session. */
  @IsString() @MaxLength(4096) readonly token: string;
}
