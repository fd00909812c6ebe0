import { OneLine } from '@app/platform';
import { IsString, Length } from 'class-validator';
import type { Tag } from './tag.entity.js';

export class TagDto {
  /**
   * Once in the tenant, in upper or lower case.
   * @example "Trade fair"
   */
  @OneLine()
  @IsString()
  @Length(1, 60)
  name: string;
}

export class TagView {
  id: string;
  name: string;
  createdBy: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export class RecordTagView {
  id: string;
  tagId: string;
  name: string;
  recordKind: string;
  recordId: string;
  createdBy: string;
  createdAt: Date;
}

export const toTagView = ({ id, name, createdBy, version, createdAt, updatedAt }: Tag): TagView => ({
  ...{ id, name, createdBy, version, createdAt, updatedAt },
});
