import { Limited, NeverStored, Public } from '@app/platform';
import { Body, Controller, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RegistrationGuard } from './registration.guard.js';
import { SignUp } from './registration.service.js';
import { RegisterUser, UserView } from './users.dto.js';

@ApiTags('auth')
@NeverStored()
@Controller('auth/register')
export class RegistrationController {
  constructor(private readonly registration: SignUp) {}

  @Post()
  @Public()
  @Limited('register', 60, 900)
  @UseGuards(RegistrationGuard)
  @ApiBearerAuth('bearer')
  @ApiCreatedResponse({ type: UserView, headers: { Location: { $ref: '#/components/headers/Location' } } })
  @ApiOperation({
    summary: 'Register a user',
    description:
      'Needs a token with `users:create`. While an install has no user at all, the first comes in without one and becomes the administrator of a new tenant; ' +
      'in production that takes the bootstrap token.',
  })
  async register(@Body() body: RegisterUser, @Res({ passthrough: true }) reply: FastifyReply): Promise<UserView> {
    const user = await this.registration.signUp(body);
    void reply.header('Location', `/api/v1/users/${user.id}`);
    return user;
  }
}
