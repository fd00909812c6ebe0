import { Allow, IfMatch, UuidPipe, Writes } from '@app/platform';
import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiCustomerId } from '../customer-id.js';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerView, toView } from '../customers.dto.js';
import { ReferrerDto } from './referrals.dto.js';
import { ReferralsService } from './referrals.service.js';

@ApiTags('customers')
@ApiCustomerId()
@Controller('customers/:id/referrer')
export class ReferralsController {
  constructor(private readonly referrals: ReferralsService) {}

  @Put()
  @Allow(CustomerPermissions.update)
  @Writes('customers', 'referredBy')
  @ApiOperation({
    summary: 'Say who brought the customer',
    description: `Said once: another one is 409 \`already_referred\` until it was taken back with null. 422 \`referral_cycle\` where
the one named was brought by this customer, be it over others. \`GET /customers?referredBy=\` lists whom somebody brought.`,
  })
  refer(
    @Param('id', UuidPipe) id: string,
    @Body() { customerId }: ReferrerDto,
    @IfMatch() version?: number,
  ): Promise<CustomerView> {
    return this.referrals.refer(id, customerId, version).then(toView);
  }
}
