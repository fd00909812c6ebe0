import { Clock, type FieldRights, Forbidden, type Permission } from '@app/kernel';
import { type CanActivate, type ExecutionContext, Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/index.js';
import { RAW_RECORDS, RawRecordsClosed, RecordShapes, WRITES, type WrittenFields } from '../field-rights/index.js';
import { Gate, limitHeaders, Limits, type RouteLimit, STRICTER } from '../limits/index.js';
import type { Count } from '../limits/gate.js';
import { currentScope } from '../scope/index.js';
import { ACCESS, type Access } from './allow.js';
import { assertAllowedFrom } from './allowed-from.js';
import { Authenticator, type Ticket } from './authenticator.js';
import { BadCredential, readCredential } from './credential.js';
import { IMPERSONATING_HEADER, IN_PERSON, InPersonOnly } from './impersonation.js';
import { asKey, KEY_AS_BEARER } from './key-as-bearer.js';
import { Restricted, type Restriction } from './restriction.js';
import { RouteCatalogue } from './route-catalogue.js';
import { type Caller, Standings } from './standings.js';
import { STEP_UP, STEP_UP_SECONDS, StepUpRequired, type StepUpRule } from './step-up.js';
import { EVEN_SUSPENDED, TenantSuspended } from './suspension.js';

class PermissionMissing extends Forbidden {
  constructor(permission: Permission) {
    super('permission_missing', `This needs the permission ${permission.name}`, { permission: permission.name });
  }
}

/** What the decorators of a route say. */
type Rule = {
  readonly access: Access;
  readonly limit: RouteLimit | undefined;
  readonly stepUp: StepUpRule | undefined;
  /** It is nobody's to do as somebody else. */
  readonly isInPerson: boolean;
  readonly takesKeyAsBearer: boolean;
  /** It reads, or says that it may. */
  readonly isOpenToHeld: boolean;
  /** Changed whatever the body names. */
  readonly writes: WrittenFields;
  readonly isRaw: boolean;
};

const NOTHING: WrittenFields = {};

/** Token to actor, limits, permission: the first thing a request meets. Gateways authenticate at their handshake instead. */
@Injectable()
export class AccessGuard implements CanActivate, OnModuleInit {
  private readonly rules = new Map<object, Map<object, Rule>>();

  constructor(
    private readonly routes: RouteCatalogue,
    private readonly reflector: Reflector,
    private readonly config: Config,
    private readonly limits: Limits,
    private readonly gate: Gate,
    private readonly authenticator: Authenticator,
    private readonly standings: Standings,
    private readonly shapes: RecordShapes,
    private readonly clock: Clock,
  ) {}

  /** @throws naming every route that declares no access */
  onModuleInit(): void {
    const open = this.routes.all().filter(({ access }) => !access);
    if (open.length)
      throw new Error(
        `Routes without @Allow, @AllowAuthenticated or @Public: ${open.map(({ name }) => name).join(', ')}`,
      );
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const rule = this.ruleOf(context);
    const { access, limit, stepUp, isInPerson, isOpenToHeld } = rule;
    if (access.kind === 'public') {
      if (access.limited) await this.countAnonymous(request, reply, limit);
      return true;
    }
    const caller = await this.authenticate(request, reply, rule);
    const asksForProof = stepUp?.isNeeded(request) ?? false;
    this.tellImpersonation(reply, caller, isInPerson || asksForProof);
    this.authorise(access, caller);
    if (caller.isHeld && !isOpenToHeld) throw new TenantSuspended();
    if (asksForProof) this.assertProven(caller);
    const { fieldRights } = caller.actor;
    if (fieldRights) this.assertWithin(fieldRights, rule, request);
    return true;
  }

  private assertWithin(rights: FieldRights, { writes, isRaw }: Rule, request: FastifyRequest): void {
    if (isRaw) throw new RawRecordsClosed();
    this.shapes.assertWritable(request, writes, rights);
  }

  /** Read once for each route, not for each request. */
  private ruleOf(context: ExecutionContext): Rule {
    const [controller, handler] = [context.getClass(), context.getHandler()];
    const known = this.rules.get(controller)?.get(handler);
    if (known) return known;
    const targets = [handler, controller];
    const access = this.reflector.getAllAndOverride<Access>(ACCESS, targets);
    const limit = this.reflector.getAllAndOverride<RouteLimit | undefined>(STRICTER, targets);
    const stepUp = this.reflector.getAllAndOverride<StepUpRule | undefined>(STEP_UP, targets);
    const reads = Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.GET;
    const isOpenToHeld =
      reads || this.reflector.getAllAndOverride<boolean | undefined>(EVEN_SUSPENDED, targets) === true;
    const writes = this.reflector.getAllAndOverride<WrittenFields | undefined>(WRITES, targets) ?? NOTHING;
    const isRaw = this.reflector.getAllAndOverride<boolean | undefined>(RAW_RECORDS, targets) === true;
    const isInPerson = this.reflector.getAllAndOverride<boolean | undefined>(IN_PERSON, targets) === true;
    const takesKeyAsBearer = this.reflector.getAllAndOverride<boolean | undefined>(KEY_AS_BEARER, targets) === true;
    const rule = { access, limit, stepUp, isInPerson, takesKeyAsBearer, isOpenToHeld, writes, isRaw };
    const ofController = this.rules.get(controller) ?? new Map<object, Rule>();
    this.rules.set(controller, ofController.set(handler, rule));
    return rule;
  }

  private async authenticate(request: FastifyRequest, reply: FastifyReply, rule: Rule): Promise<Caller> {
    const ticket = await this.ticketOf(request, reply, rule);
    const buckets = this.limits.authenticated(ticket.tenantId, ticket.subject, rule.limit);
    const { caller, passed } = await this.standings.find(ticket, buckets);
    this.check(reply, passed.counts);
    if (!caller) throw new BadCredential();
    currentScope()?.enter(caller.actor);
    assertAllowedFrom(caller, request.ip);
    return caller;
  }

  /** Who shows none, or a bad one, is counted by address. */
  private async ticketOf(request: FastifyRequest, reply: FastifyReply, rule: Rule): Promise<Ticket> {
    try {
      const credential = readCredential(request.headers, this.config.AUTH_ALLOW_RAW_JWT);
      if (!credential) throw new BadCredential();
      return await this.authenticator.read(rule.takesKeyAsBearer ? asKey(credential) : credential);
    } catch (error) {
      await this.countAnonymous(request, reply, rule.limit);
      throw error;
    }
  }

  private authorise(access: Exclude<Access, { kind: 'public' }>, { actor, restriction }: Caller): void {
    if (restriction && !isOpenDespite(restriction, access)) throw new Restricted(restriction);
    if (access.kind !== 'permission') return;
    const isAllowed = [access.permission, ...access.orElse].some((permission) => actor.can(permission));
    if (!isAllowed) throw new PermissionMissing(access.permission);
  }

  private tellImpersonation(reply: FastifyReply, { actor }: Caller, isRefused: boolean): void {
    if (actor.impersonatorId === null) return;
    void reply.header(IMPERSONATING_HEADER, actor.impersonatorId);
    if (isRefused) throw new InPersonOnly();
  }

  private assertProven({ provenAt }: Caller): void {
    const age = provenAt ? this.clock.now().getTime() - provenAt.getTime() : Infinity;
    if (age >= STEP_UP_SECONDS * 1000) throw new StepUpRequired();
  }

  private async countAnonymous(
    request: FastifyRequest,
    reply: FastifyReply,
    route: RouteLimit | undefined,
  ): Promise<void> {
    const { counts } = await this.gate.pass(undefined, '', this.limits.anonymous(request.ip, route));
    this.check(reply, counts);
  }

  private check(reply: FastifyReply, counts: readonly Count[]): void {
    if (counts.length) void reply.headers(limitHeaders(counts));
    this.limits.assert(counts);
  }
}

const isOpenDespite = (restriction: Restriction, access: Access): boolean =>
  access.kind === 'authenticated' && (access.evenRestricted === true || access.evenRestricted === restriction);
