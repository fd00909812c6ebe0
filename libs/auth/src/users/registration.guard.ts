import { Forbidden } from '@app/kernel';
import {
  Authenticator,
  BadCredential,
  Config,
  currentScope,
  InPersonOnly,
  readCredential,
  Restricted,
  Standings,
} from '@app/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Bootstrap } from '../tenants/bootstrap.js';
import { UserPermissions } from './user.policy.js';

class MayNotRegister extends Forbidden {
  constructor() {
    super('permission_missing', `This needs the permission ${UserPermissions.create.name}`, {
      permission: UserPermissions.create.name,
    });
  }
}

/**
 * The one route that is open by permission, or to nobody's token while the install is empty. The platform's guard knows
 * either-or only, so the route is public to it and judged here.
 */
@Injectable()
export class RegistrationGuard implements CanActivate {
  constructor(
    private readonly config: Config,
    private readonly authenticator: Authenticator,
    private readonly standings: Standings,
    private readonly bootstrap: Bootstrap,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Body?: { bootstrapToken?: unknown } }>>();
    const credential = readCredential(request.headers, this.config.AUTH_ALLOW_RAW_JWT);
    if (!credential) return this.admitTheFirst(request.body?.bootstrapToken);
    const { caller } = await this.standings.find(await this.authenticator.read(credential), []);
    if (!caller) throw new BadCredential();
    currentScope()?.enter(caller.actor);
    if (caller.actor.impersonatorId !== null) throw new InPersonOnly();
    if (caller.restriction) throw new Restricted(caller.restriction);
    if (!caller.actor.can(UserPermissions.create)) throw new MayNotRegister();
    return true;
  }

  private async admitTheFirst(token: unknown): Promise<boolean> {
    const isAllowed = this.bootstrap.isAllowed(typeof token === 'string' ? token : undefined);
    if (!isAllowed || !(await this.bootstrap.isDue())) throw new BadCredential();
    return true;
  }
}
