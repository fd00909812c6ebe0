import { ApiParam } from '@nestjs/swagger';

/** Documents the `id` of a customer in the path; the example is one of the demo's. */
export const ApiCustomerId = (): MethodDecorator & ClassDecorator =>
  ApiParam({
    name: 'id',
    description: 'Id of the customer.',
    schema: { type: 'string', format: 'uuid' },
    example: '01920000-0001-7004-8000-000000000001',
  });
