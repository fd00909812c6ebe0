import { Allow, IfMatch, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiCustomerId } from '../customer-id.js';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerView, toView } from '../customers.dto.js';
import { LevelPinsService } from './level-pins.service.js';
import { PinLevel } from './levels.dto.js';

@ApiTags('customers')
@ApiCustomerId()
@Controller('customers/:id/level-pin')
export class LevelPinController {
  constructor(private readonly pins: LevelPinsService) {}

  @Put()
  @Allow(CustomerPermissions.pinLevel)
  @ApiOperation({
    summary: 'Hold the level of the customer up',
    description:
      'Until then `level` is at least this one: a lower level that is earned meanwhile waits in `levelPin.earned`, a higher ' +
      'one shows. What is not in the future, or more than ten years away, is 422 `level_pin_out_of_range`. Needs ' +
      '`customers:update` of the customer too.',
  })
  pin(@Param('id', UuidPipe) id: string, @Body() body: PinLevel, @IfMatch() version?: number): Promise<CustomerView> {
    return this.pins.pin(id, body, version).then(toView);
  }

  @Delete()
  @HttpCode(204)
  @Allow(CustomerPermissions.pinLevel)
  @ApiOperation({
    summary: 'Let the level be the one that was earned',
    description: 'Before the pin is over. Where none stands, nothing changes.',
  })
  lift(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.pins.lift(id, version);
  }
}
