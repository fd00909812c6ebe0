import { ApiParam } from '@nestjs/swagger';

const documented = (name: string, description: string, example: string): MethodDecorator & ClassDecorator =>
  ApiParam({ name, description, schema: { type: 'string', format: 'uuid' }, example });

/** Documents a user in the path; the example is one of the demo's. */
export const ApiUserId = (name = 'id'): MethodDecorator & ClassDecorator =>
  documented(name, 'Id of the user.', '01920000-0001-7001-8000-000000000006');

/** Documents a team in the path; the example is the demo's. */
export const ApiTeamId = (): MethodDecorator & ClassDecorator =>
  documented('id', 'Id of the team.', '01920000-0001-7002-8000-000000000001');
