import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsUUID, Matches } from 'class-validator';
import { TENANT_STATES } from '../tenants/tenant.entity.js';
import type { Explanation } from './explanations.service.js';
import { becauseOf, type Overseen } from './oversight.queries.js';
import { grantOf, REFUSAL_CODES, type RefusalCode } from './verdict.js';

const PERMISSION = /^[a-z-]{1,40}:[a-z-]{1,40}$/;
const RECORD = /^[a-z-]{1,40}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export class ExplainQuery {
  /**
   * Without its scope.
   * @example "customers:update"
   */
  @Matches(PERMISSION, { message: 'must be a permission such as customers:update' })
  permission: string;

  /**
   * Of which record: `<kind>:<id>`. Without one, whether at all.
   * @example "customers:01920000-0001-7004-8000-000000000001"
   */
  @IsOptional()
  @Matches(RECORD, { message: 'must be <kind>:<id>, such as customers:01920000-0001-7004-8000-000000000001' })
  record?: string;

  /**
   * Of whom; yourself without it. Of others needs `authz:explain`.
   * @example "01920000-0001-7001-8000-000000000006"
   */
  @IsOptional()
  @IsUUID()
  user?: string;
}

export class RefusalView {
  @ApiProperty({ enum: REFUSAL_CODES, example: 'out_of_reach' })
  code: RefusalCode;
  /** @example "The permission does not reach this record" */
  message: string;
}

export class GrantingRoleView {
  /** @example "01920000-0001-7003-8000-000000000001" */
  id: string;
  /** @example "CSO" */
  name: string;
  /** @example "customers:update_own" */
  grant: string;
}

export class WayView {
  /** @example "assigned_to_me" */
  way: string;
  holds: boolean;
}

export class OverseenTeamView {
  /** @example "01920000-0001-7002-8000-000000000003" */
  id: string;
  /** @example "Support at night" */
  name: string;
  /** @example "leads Support, which is above Support at night" */
  because: string;
}

export class ExplainedRecordView {
  /** @example "customers" */
  kind: string;
  /** @example "01920000-0001-7004-8000-000000000001" */
  id: string;
  /** The ways in which the scope reaches records, and which of them hold for this one. */
  ways: WayView[];
  /** Teams below ones that the person leads, without which the permission would not reach it. */
  through: OverseenTeamView[];
}

export class ExplainedSubjectView {
  /** @example "01920000-0001-7001-8000-000000000006" */
  id: string;
  /** @example "Clara Sommer" */
  name: string;
  @ApiProperty({ enum: ['user', 'service'], example: 'user' })
  kind: string;
  isActive: boolean;
  /** @example ["01920000-0001-7002-8000-000000000001"] */
  teamIds: string[];
  /** What `_team` reaches beside these, and why. */
  oversees: OverseenTeamView[];
}

export class ExplainedTenantView {
  /** @example "01920000-0001-7000-8000-000000000000" */
  id: string;
  @ApiProperty({ enum: TENANT_STATES.states, example: 'active' })
  status: string;
}

export class ExplainedRouteView {
  /** @example "PATCH /customers/:id" */
  route: string;
  /** Whether it asks, of all requests or of some, for a fresh proof of who it is. */
  asksForStepUp: boolean;
}

export class SessionDemandsView {
  /** What has to be done before anything else. */
  @ApiProperty({ type: String, nullable: true, example: null })
  restriction: string | null;
  /**
   * Roles that demand a second factor.
   * @example []
   */
  secondFactorDemandedBy: string[];
  /** Until when what asks for a fresh proof is open; null without a session or a proof. */
  provenUntil: Date | null;
}

export class ExplanationView {
  isAllowed: boolean;
  /** @example "customers:update" */
  permission: string;
  @ApiProperty({ enum: ['own', 'team', 'all', 'granted'], nullable: true, example: 'own' })
  scope: string | null;
  subject: ExplainedSubjectView;
  tenant: ExplainedTenantView;
  /** The roles that grant it. */
  roles: GrantingRoleView[];
  @ApiProperty({ type: ExplainedRecordView, nullable: true })
  record: ExplainedRecordView | null;
  /** All that stands in the way, in the order in which a request meets it. */
  refusals: RefusalView[];
  session: SessionDemandsView;
  /** What the permission opens. */
  routes: ExplainedRouteView[];
}

export function toExplanationView(explained: Explanation): ExplanationView {
  const { permission, subject, tenant, grant, record, refusals, routes, provenUntil } = explained;
  const { actor, isActive, roles, session } = subject;
  const through = explained.through.map(toOverseenView);
  return {
    isAllowed: refusals.length === 0,
    permission: permission.name,
    scope: grant === undefined ? null : permission.scoped ? grant.slice(permission.name.length + 1) : 'granted',
    subject: {
      id: actor.id,
      name: actor.name,
      kind: actor.kind,
      isActive,
      teamIds: [...actor.teams],
      oversees: subject.oversees.map(toOverseenView),
    },
    tenant: { ...tenant },
    roles: roles.flatMap(({ id, name, grants }) => {
      const given = grantOf(grants, permission);
      return given === undefined ? [] : [{ id, name, grant: given }];
    }),
    record: record ? { kind: record.kind, id: record.id, ways: [...record.ways], through } : null,
    refusals: [...refusals],
    session: {
      restriction: session?.restriction ?? null,
      secondFactorDemandedBy: roles.filter(({ mfaRequired }) => mfaRequired).map(({ name }) => name),
      provenUntil,
    },
    routes: routes.map(({ method, path, isSteppedUp }) => ({ route: `${method} ${path}`, asksForStepUp: isSteppedUp })),
  };
}

const toOverseenView = (team: Overseen): OverseenTeamView => ({
  id: team.id,
  name: team.name,
  because: becauseOf(team),
});
