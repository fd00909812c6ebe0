import { CURRENCIES } from '@app/kernel';
import { Day, MayBeAbsent, OneLine, Tells } from '@app/platform';
import { ApiFieldValues, shownOf } from '@app/records';
import { ApiProperty, PartialType, PickType } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min, ValidateIf } from 'class-validator';
import type { Deal } from './deal.entity.js';
import { DEAL_STATUSES, type DealStatus, LARGEST_AMOUNT } from './deal.policy.js';

/** Whether it may come into a stage that asks for approval, by its terms of then. */
export class DealApprovalView {
  stageId: string;
  @ApiProperty({ enum: ['pending', 'approved', 'rejected'], example: 'pending' })
  status: 'pending' | 'approved' | 'rejected';
}

@Tells('deals')
export class DealView {
  /** @example "01920000-0001-7011-8000-000000000001" */
  id: string;
  /** @example "Yearly contract" */
  name: string;
  /** @example "01920000-0001-7012-8000-000000000001" */
  pipelineId: string;
  /** @example "01920000-0001-7013-8000-000000000002" */
  stageId: string;
  @ApiProperty({ enum: DEAL_STATUSES, example: 'open' })
  status: DealStatus;
  /**
   * In minor units: 1200000 is 12,000.00 EUR. Null while nobody knows.
   * @example 1200000
   */
  amount: number | null;
  /** @example "EUR" */
  currency: string;
  /** How many lines it has; with some of them, its amount is their net sum. */
  itemCount: number;
  /**
   * How much less its lines cost than they would without their discounts.
   * @example "10.00"
   */
  discountPercent: string;
  /**
   * Of winning, in percent: the stage's as the deal came into it, unless somebody knows better.
   * @example 40
   */
  probability: number;
  @ApiProperty({ type: String, format: 'date', nullable: true, example: '2027-03-31' })
  expectedCloseDate: string | null;
  /** @example "01920000-0001-7004-8000-000000000001" */
  customerId: string | null;
  /** @example "01920000-0001-701f-8000-000000000001" */
  companyId: string | null;
  /** @example "01920000-0001-7001-8000-000000000006" */
  ownerId: string | null;
  teamId: string | null;
  @ApiProperty({ type: DealApprovalView, nullable: true })
  approval: DealApprovalView | null;
  /**
   * What the company keeps of its deals besides, by the keys of its fields.
   * @example { "renewal": "2027-12-31" }
   */
  customFields: Record<string, unknown>;
  createdBy: string;
  /**
   * Where it stands in its column: sorts as bytes.
   * @example "i0000000"
   */
  rank: string;
  stageEnteredAt: Date;
  /** Once this is past it has been in its stage for too long. */
  rotsAt: Date | null;
  /** When it was won or lost. */
  closedAt: Date | null;
  lostReason: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

@Tells('customers', { name: ['firstName', 'lastName'], email: 'email' })
class DealCustomerRef {
  id: string;
  /** @example "Grace Hopper" */
  name: string;
  /** @example "grace.hopper.1@customers.example" */
  email: string | null;
}

class DealOwnerRef {
  id: string;
  /** @example "Clara Officer" */
  name: string;
  /** @example "cso@demo.example" */
  email: string;
}

@Tells('companies', { name: 'name' })
class DealCompanyRef {
  id: string;
  /** @example "Blue Mill" */
  name: string;
}

@Tells('deals')
export class ListedDealView extends DealView {
  /** With `include=customer`. */
  customer?: DealCustomerRef | null;
  /** With `include=company`. */
  company?: DealCompanyRef | null;
  /** With `include=owner`. */
  owner?: DealOwnerRef | null;
}

@Tells('deals')
export class TrashedDealView extends DealView {
  deletedAt: Date;
  deletedBy: string;
}

export function toView(deal: Deal): DealView {
  const { id, name, pipelineId, stageId, status, amount, currency, itemCount } = deal;
  const { probability, expectedCloseDate } = deal;
  const { customerId, ownerId, teamId, createdBy, rank, stageEnteredAt, rotsAt, closedAt, lostReason } = deal;
  const { companyId, discountPercent, approval, version, createdAt, updatedAt } = deal;
  return {
    ...{ id, name, pipelineId, stageId, status, amount, currency, itemCount, probability, expectedCloseDate },
    ...{ customerId, ownerId, teamId, createdBy, rank, stageEnteredAt, rotsAt, closedAt, lostReason },
    ...{ companyId, discountPercent, version, createdAt, updatedAt },
    approval: approval && { stageId: approval.stageId, status: approval.status },
    customFields: shownOf('deals', deal.customFields, deal.concealedFields),
  };
}

/** Its editable document. Stage, status and owner change by their own verbs. */
@Tells('deals')
export class ReplaceDealDto {
  /** @example "Yearly contract" */
  @OneLine()
  @IsString()
  @Length(1, 200)
  name: string;

  /**
   * In minor units, never a fraction.
   * @example 1200000
   */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LARGEST_AMOUNT)
  amount?: number | null;

  /** It keeps its own unless given. */
  @ApiProperty({ type: String, required: false, example: 'EUR' })
  @MayBeAbsent()
  @IsIn(CURRENCIES, { message: 'must be an ISO 4217 code' })
  currency?: string;

  @ApiProperty({ type: String, format: 'date', nullable: true, required: false, example: '2027-03-31' })
  @IsOptional()
  @Day()
  expectedCloseDate?: string | null;

  /** @example "01920000-0001-7004-8000-000000000001" */
  @IsOptional()
  @IsUUID()
  customerId?: string | null;

  /** @example "01920000-0001-701f-8000-000000000001" */
  @IsOptional()
  @IsUUID()
  companyId?: string | null;

  /** @example "01920000-0001-7002-8000-000000000001" */
  @IsOptional()
  @IsUUID()
  teamId?: string | null;

  @ApiFieldValues()
  customFields?: Record<string, unknown>;
}

@Tells('deals')
export class EditDealDto extends PartialType(ReplaceDealDto, { skipNullProperties: false }) {
  /**
   * Until it comes into another stage.
   * @example 55
   */
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(100)
  probability?: number;
}

@Tells('deals')
export class BeginDealDto extends PickType(ReplaceDealDto, [
  'name',
  'amount',
  'expectedCloseDate',
  'customerId',
  'companyId',
  'teamId',
  'customFields',
] as const) {
  /** The pipeline's unless given. */
  @ApiProperty({ type: String, required: false, example: 'EUR' })
  @MayBeAbsent()
  @IsIn(CURRENCIES, { message: 'must be an ISO 4217 code' })
  currency?: string;

  /** That of the stage, or else the default one. */
  @MayBeAbsent()
  @IsUUID()
  pipelineId?: string;

  /** The first of the pipeline unless given. */
  @MayBeAbsent()
  @IsUUID()
  stageId?: string;

  /** Whoever begins it unless given; another takes `deals:assign`. */
  @IsOptional()
  @IsUUID()
  ownerId?: string | null;
}

export class MoveDealDto {
  /** @example "01920000-0001-7013-8000-000000000002" */
  @IsUUID()
  stageId: string;

  /** The deal in that stage that it goes right below; without, it goes to the top. */
  @MayBeAbsent()
  @IsUUID()
  below?: string;
}

@Tells('deals', { reason: 'lostReason' })
export class LoseDealDto {
  /** @example "Chose a cheaper offer" */
  @OneLine()
  @IsString()
  @Length(1, 500)
  reason: string;
}

export class ReopenDealDto {
  /** @example "They came back after all" */
  @OneLine()
  @IsString()
  @Length(1, 500)
  reason: string;
}

export class AssignDealDto {
  /**
   * Null: nobody's.
   * @example "01920000-0001-7001-8000-000000000006"
   */
  @ValidateIf(({ ownerId }: AssignDealDto) => ownerId !== null)
  @IsUUID()
  ownerId: string | null;
}
