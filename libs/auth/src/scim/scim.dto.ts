import { MayBeAbsent } from '@app/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsString, MaxLength } from 'class-validator';
import { LOCALES, NamedRef } from '../users/users.dto.js';
import { SCIM_REFUSALS, URN } from './scim-names.js';

export class ScimErrorView {
  @ApiProperty({ type: [String], example: [URN.error] })
  schemas: string[];
  @ApiProperty({ enum: Object.keys(SCIM_REFUSALS), example: '409' })
  status: string;
  /** RFC 7644, table 9. */
  @ApiPropertyOptional({ type: String, example: 'uniqueness' })
  scimType?: string;
  /** @example "There is one of this userName already" */
  detail: string;
  requestId: string;
}

export class ScimResourceQuery {
  /**
   * Attributes to answer with, separated by commas.
   * @example "userName,emails"
   */
  @MayBeAbsent()
  @IsString()
  @MaxLength(1000)
  attributes?: string;

  /**
   * Attributes to leave out.
   * @example "members"
   */
  @MayBeAbsent()
  @IsString()
  @MaxLength(1000)
  excludedAttributes?: string;
}

export class ScimListQuery extends ScimResourceQuery {
  /**
   * Comparisons with `eq`, joined by `and`.
   * @example "userName eq \"cso@demo.example\""
   */
  @MayBeAbsent()
  @IsString()
  @MaxLength(1000)
  filter?: string;

  /** From 1; less counts as 1. */
  @MayBeAbsent()
  @Type(() => Number)
  @IsInt()
  startIndex?: number;

  /** At most 200 are answered; less than none counts as none. */
  @MayBeAbsent()
  @Type(() => Number)
  @IsInt()
  count?: number;
}

export class ScimMetaView {
  @ApiProperty({ enum: ['User', 'Group'], example: 'User' })
  resourceType: string;
  created: Date;
  lastModified: Date;
  /** @example "http://localhost:3000/api/v1/scim/v2/Users/01920000-0001-7001-8000-000000000006" */
  location: string;
}

export class ScimNameView {
  /** @example "Clara" */
  givenName: string;
  /** @example "Officer" */
  familyName: string;
  /** @example "Clara Officer" */
  formatted: string;
}

export class ScimEmailView {
  /** @example "cso@demo.example" */
  value: string;
  @ApiProperty({ enum: ['work'], example: 'work' })
  type: string;
  primary: boolean;
}

export class ScimRefView {
  /** @example "01920000-0001-7002-8000-000000000001" */
  value: string;
  /** @example "Support" */
  display: string;
  /** @example "User" */
  type: string;
}

export class ScimUserView {
  @ApiProperty({ type: [String], example: [URN.user] })
  schemas: string[];
  /** @example "01920000-0001-7001-8000-000000000006" */
  id: string;
  /** The directory’s own id; absent until it said one. */
  @ApiPropertyOptional({ type: String, example: '00u1a2b3' })
  externalId?: string;
  /** @example "cso@demo.example" */
  userName: string;
  name: ScimNameView;
  /** @example "Clara Officer" */
  displayName: string;
  active: boolean;
  emails: ScimEmailView[];
  /** @example "Europe/Berlin" */
  timezone: string;
  @ApiProperty({ enum: LOCALES, example: 'en' })
  locale: string;
  groups: ScimRefView[];
  meta: ScimMetaView;
}

export class ScimGroupView {
  @ApiProperty({ type: [String], example: [URN.group] })
  schemas: string[];
  /** @example "01920000-0001-7002-8000-000000000001" */
  id: string;
  @ApiPropertyOptional({ type: String, example: '00g1a2b3' })
  externalId?: string;
  /** @example "Support" */
  displayName: string;
  members: ScimRefView[];
  meta: ScimMetaView;
}

class ScimListView {
  @ApiProperty({ type: [String], example: [URN.list] })
  schemas: string[];
  /** @example 1 */
  totalResults: number;
  /** @example 1 */
  startIndex: number;
  /** @example 1 */
  itemsPerPage: number;
}

export class ScimUserListView extends ScimListView {
  Resources: ScimUserView[];
}

export class ScimGroupListView extends ScimListView {
  Resources: ScimGroupView[];
}

export class ScimPersonName {
  givenName?: string;
  familyName?: string;
}

/** What a directory sends of a user; attributes beyond these are passed over. For documentation: it is read by `readPerson`. */
export class ScimUserBody {
  @ApiProperty({ type: [String], example: [URN.user] })
  schemas: string[];
  /** @example "nina@demo.example" */
  userName: string;
  @ApiPropertyOptional({ type: String, example: '00u9z8y7' })
  externalId?: string;
  @ApiPropertyOptional({ example: { givenName: 'Nina', familyName: 'Weiss' } })
  name?: ScimPersonName;
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    example: [{ value: 'nina@demo.example', primary: true }],
  })
  emails?: object[];
  /** @example true */
  active?: boolean;
}

export class ScimGroupBody {
  @ApiProperty({ type: [String], example: [URN.group] })
  schemas: string[];
  /** @example "Field service" */
  displayName: string;
  @ApiPropertyOptional({ type: String, example: '00g9z8y7' })
  externalId?: string;
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    example: [{ value: '01920000-0001-7001-8000-000000000006' }],
  })
  members?: object[];
}

export class ScimPatchBody {
  @ApiProperty({ type: [String], example: [URN.patch] })
  schemas: string[];
  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    example: [{ op: 'replace', path: 'externalId', value: '00x1y2z3' }],
  })
  Operations: object[];
}

export class ScimMappingView {
  /** @example "01920000-0001-7002-8000-000000000001" */
  id: string;
  /** @example "Support" */
  name: string;
  /** The directory’s id of the group; null for a team that it has not claimed. */
  @ApiProperty({ type: String, nullable: true, example: null })
  externalId: string | null;
  /** What whoever the directory puts into the group is given. */
  roles: NamedRef[];
}

export class MapRoles {
  /**
   * Ids or names of roles; nobody maps what they do not hold.
   * @example ["CSO"]
   */
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  roles: string[];
}
