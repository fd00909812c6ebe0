import { Module } from '@nestjs/common';
import { ContactPointsController } from './contact-points/contact-points.controller.js';
import { ContactPointsService } from './contact-points/contact-points.service.js';
import { CustomerReach } from './customer.reach.js';
import { CustomersController } from './customers.controller.js';
import { CustomersFacade } from './customers.facade.js';
import { CustomersQueries } from './customers.queries.js';
import { CustomersService } from './customers.service.js';

@Module({
  providers: [CustomerReach, CustomersFacade, CustomersQueries, CustomersService],
  exports: [CustomerReach, CustomersFacade, CustomersQueries, CustomersService],
})
export class CustomersModule {}

@Module({
  imports: [CustomersModule],
  providers: [ContactPointsService],
  controllers: [CustomersController, ContactPointsController],
})
export class CustomersApiModule {}

@Module({ imports: [CustomersModule] })
export class CustomersWorkerModule {}
