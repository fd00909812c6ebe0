import { Allow, IfMatch, UuidPipe } from '@app/platform';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LeadPermissions } from '../leads/lead.policy.js';
import { LeadView, toView } from '../leads/leads.dto.js';
import { ConvertLeadDto } from './conversion.dto.js';
import { ConversionService } from './conversion.service.js';

@Controller('leads/:id')
@ApiTags('leads')
export class LeadConversionController {
  constructor(private readonly conversion: ConversionService) {}

  @Post('convert')
  @HttpCode(200)
  @Allow(LeadPermissions.convert)
  @ApiOperation({
    summary: 'Make a customer of a qualified lead',
    description: `With a company and a deal, each new or known already: all of it or nothing. A new customer takes
\`customers:create\` and is looked after by the lead's owner; a company takes \`companies:update\` (a new one \`companies:create\`),
a new deal \`deals:create\`, a known one the right to change it. What hangs on the lead is told in the customer's timeline.
409: \`customer_known\` names who has the address or number already, \`already_converted\` what the lead became,
\`deal_of_another_customer\`, \`deal_not_open\`, \`invalid_transition\`. 422: \`company_unknown\`, \`company_nameless\`, \`either_or\`,
and what deals refuse.`,
  })
  convert(
    @Param('id', UuidPipe) id: string,
    @Body() to: ConvertLeadDto,
    @IfMatch() version?: number,
  ): Promise<LeadView> {
    return this.conversion.convert(id, to, version).then(toView);
  }
}
