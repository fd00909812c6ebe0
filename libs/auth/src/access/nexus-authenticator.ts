import { createHash } from 'node:crypto';
import { Clock, type FieldRules } from '@app/kernel';
import {
  Authenticator,
  BadCredential,
  type Credential,
  Database,
  FieldCatalogue,
  type Restriction,
  runOutside,
  type Standing,
  type Ticket,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { UserPermissions } from '../users/user.policy.js';
import { covers } from './grants.js';
import { type AccessClaims, AccessTokens } from './access-tokens.js';

type SessionRow = {
  user_id: string;
  name: string;
  must_change_password: boolean;
  mfa_due: boolean;
  proven_at: Date | null;
  grants: string[];
  teams: string[];
  reached_teams: string[];
};

/** `holds`: whoever acts is logged in and active themselves; `grants`: what they may. */
type Impersonation = { impersonator_id: string; holds: boolean; grants: string[] };

const KEY_FORM = /^nxs_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}$/;
const MOST_KEYS = 1000;

/** The hash of a service token's key, as it rests. The key has 256 random bits, so a fast hash is enough. */
export const keyHash = (key: string): Buffer => createHash('sha256').update(key).digest();

const ticketOf = ({ userId, tenantId, sessionId, expiresAt }: AccessClaims): Ticket => ({
  kind: 'session',
  tenantId,
  id: sessionId,
  subject: userId,
  expiresAt,
});

/** A password that others know comes first: whoever knows it must not set up the second factor. */
function restrictionOf(row: SessionRow): Restriction | null {
  if (row.must_change_password) return 'password_change_required';
  return row.mfa_due ? 'mfa_enrolment_required' : null;
}

/** Whose rights grew, or shrank, while somebody looked through the other's eyes: it ends. */
function mayStillSee({ holds, grants }: Impersonation, seen: readonly string[]): boolean {
  const held = new Set(grants);
  return holds && held.has(UserPermissions.impersonate.name) && seen.every((grant) => covers(held, grant));
}

/** Whose a token is, and where its holder stands now: asked through the system door, since nobody acts yet. */
@Injectable()
export class NexusAuthenticator extends Authenticator {
  private readonly owners = new Map<string, Ticket>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tokens: AccessTokens,
    private readonly fields: FieldCatalogue,
  ) {
    super();
  }

  read(credential: Credential): Ticket | Promise<Ticket> {
    if (credential.kind === 'api_key') return this.ownerOf(credential.key);
    const known = this.tokens.known(credential.token);
    return known ? ticketOf(known) : this.tokens.verify(credential.token).then(ticketOf);
  }

  stand(ticket: Ticket): Promise<Standing | undefined> {
    return runOutside(async () => {
      const standing = await (ticket.kind === 'session' ? this.ofSession(ticket) : this.ofServiceToken(ticket));
      if (!standing) return undefined;
      const fieldRules = await this.fieldRulesOf(ticket.tenantId, standing.actorId);
      const isHeld = await this.isHeld(ticket.tenantId);
      return { ...standing, ...(fieldRules && { fieldRules }), ...(isHeld && { isHeld }) };
    });
  }

  private async fieldRulesOf(tenantId: string, holder: string): Promise<FieldRules | undefined> {
    const row = await this.db.one<{ rules: FieldRules[] }>('select field_rules_of($1, $2) as rules', [
      tenantId,
      holder,
    ]);
    return this.fields.rightsOf(row?.rules ?? [])?.rules;
  }

  private async isHeld(tenantId: string): Promise<boolean> {
    const row = await this.db.one<{ held: boolean }>('select tenant_is_held($1) as held', [tenantId]);
    return row?.held ?? false;
  }

  private async ofSession({ tenantId, id, subject }: Ticket): Promise<Standing | undefined> {
    const row = await this.db.one<SessionRow>(
      'select s.*, reached_teams($1, s.user_id) as reached_teams from session_standing($1, $2, $3) s',
      [tenantId, id, this.clock.now()],
    );
    if (!row || row.user_id !== subject) return undefined;
    const by = await this.impersonationOf(tenantId, id);
    if (by && !mayStillSee(by, row.grants)) return undefined;
    return {
      actorId: row.user_id,
      name: row.name,
      grants: row.grants,
      teams: row.teams,
      reachedTeams: row.reached_teams,
      // what the person has to do first is nobody's to do in their name
      restriction: by ? null : restrictionOf(row),
      provenAt: row.proven_at?.toISOString() ?? null,
      impersonatorId: by?.impersonator_id ?? null,
    };
  }

  private impersonationOf(tenantId: string, sessionId: string): Promise<Impersonation | undefined> {
    return this.db.one<Impersonation>('select * from session_impersonation($1, $2, $3)', [
      tenantId,
      sessionId,
      this.clock.now(),
    ]);
  }

  private async ofServiceToken({ tenantId, id }: Ticket): Promise<Standing | undefined> {
    const row = await this.db.one<{ name: string; grants: string[] }>('select * from token_standing($1, $2, $3)', [
      tenantId,
      id,
      this.clock.now(),
    ]);
    if (!row) return undefined;
    const from = await this.db.one<{ networks: string[] }>('select token_allowed_from($1, $2) as networks', [
      tenantId,
      id,
    ]);
    const { name, grants } = row;
    return { actorId: id, name, grants, teams: [], restriction: null, allowedFrom: from?.networks ?? [] };
  }

  /** Whose a key is never changes, so it is remembered; whether it still opens anything is its standing. */
  private async ownerOf(key: string): Promise<Ticket> {
    if (!KEY_FORM.test(key)) throw new BadCredential();
    const hash = keyHash(key);
    const name = hash.toString('base64');
    const known = this.owners.get(name);
    if (known) return known;
    const row = await runOutside(() =>
      this.db.one<{ tenant_id: string; token_id: string }>('select * from token_owner($1)', [hash]),
    );
    if (!row) throw new BadCredential();
    const ticket: Ticket = { kind: 'service', tenantId: row.tenant_id, id: row.token_id, subject: row.token_id };
    if (this.owners.size >= MOST_KEYS) this.owners.clear();
    this.owners.set(name, ticket);
    return ticket;
  }
}
