import { OneLine, Tells } from '@app/platform';
import { IsString, Length } from 'class-validator';

@Tells('customers', { name: ['firstName', 'lastName'], email: 'email' })
export class DealContactView {
  /** @example "01920000-0001-7004-8000-000000000001" */
  customerId: string;
  /** @example "Grace Hopper" */
  name: string;
  /** @example "grace.hopper.1@customers.example" */
  email: string | null;
  /** @example "Signs the contract" */
  role: string;
  since: Date;
}

export class DealContactDto {
  /** @example "Signs the contract" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  role: string;
}
