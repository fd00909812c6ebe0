import { CustomersModule } from '@app/customers';
import { Module } from '@nestjs/common';
import { Audience } from './audience.js';
import { KnownFields } from './audience-fields.js';
import { SegmentsController } from './segments.controller.js';
import { SegmentsQueries } from './segments.queries.js';
import { SegmentsService } from './segments.service.js';

@Module({
  imports: [CustomersModule],
  controllers: [SegmentsController],
  providers: [KnownFields, Audience, SegmentsQueries, SegmentsService],
})
export class SegmentsApiModule {}
