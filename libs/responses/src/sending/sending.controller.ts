import { Allow, IfMatch, UuidPipe } from '@app/platform';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ResponsePermissions } from '../responses/response.policy.js';
import { type ResponseView, ScheduleResponseDto, SeenDto, toView } from '../responses/responses.dto.js';
import { SendingService } from './sending.service.js';

@Controller('responses')
@ApiTags('responses')
@Allow(ResponsePermissions.send)
export class ResponseSendingController {
  constructor(private readonly sending: SendingService) {}

  @Post(':id/send')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send an approved response now',
    description:
      'It is held instead when the customer wrote since its approval, or the inquiry is spam or in the trash (`inquiry_withdrawn`).',
  })
  send(@Param('id', UuidPipe) id: string, @Body() body: SeenDto, @IfMatch() version?: number): Promise<ResponseView> {
    return this.sending.send(id, { ...body, version }).then(toView);
  }

  @Post(':id/schedule')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send an approved response at a chosen time' })
  schedule(
    @Param('id', UuidPipe) id: string,
    @Body() body: ScheduleResponseDto,
    @IfMatch() version?: number,
  ): Promise<ResponseView> {
    return this.sending.schedule(id, { revision: body.revision, version }, new Date(body.sendAt)).then(toView);
  }

  @Post(':id/unschedule')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take back a chosen time to send' })
  unschedule(
    @Param('id', UuidPipe) id: string,
    @Body() body: SeenDto,
    @IfMatch() version?: number,
  ): Promise<ResponseView> {
    return this.sending.unschedule(id, { ...body, version }).then(toView);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Undo a sending that has not begun, planned or chosen' })
  cancel(@Param('id', UuidPipe) id: string, @Body() body: SeenDto, @IfMatch() version?: number): Promise<ResponseView> {
    return this.sending.cancel(id, { ...body, version }).then(toView);
  }

  @Post(':id/release')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send a held response after all',
    description: 'What it is held for has been seen. It stays held while the inquiry is spam or in the trash.',
  })
  release(
    @Param('id', UuidPipe) id: string,
    @Body() body: SeenDto,
    @IfMatch() version?: number,
  ): Promise<ResponseView> {
    return this.sending.release(id, { ...body, version }).then(toView);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send a failed response again',
    description: 'The same revision under the same Message-ID. 409 `inquiry_withdrawn`, `facts_changed`.',
  })
  retry(@Param('id', UuidPipe) id: string, @Body() body: SeenDto, @IfMatch() version?: number): Promise<ResponseView> {
    return this.sending.retry(id, { ...body, version }).then(toView);
  }
}
