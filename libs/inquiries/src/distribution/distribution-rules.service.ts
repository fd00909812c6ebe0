import { AuthFacade } from '@app/auth';
import { Database, onConstraint, RecordNotFound, VersionConflict } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DistributionCalls } from './distribution-calls.js';
import { MemberNamedTwice, MemberUnknown } from './distribution.errors.js';
import { DistributionRule, type RuleDocument } from './distribution-rule.entity.js';

/** How teams give their inquiries to their people. A change is followed by a distribution. */
@Injectable()
export class DistributionRulesService {
  constructor(
    private readonly db: Database,
    private readonly auth: AuthFacade,
    private readonly calls: DistributionCalls,
  ) {}

  /** @throws RecordNotFound for a team that does not exist; MemberUnknown, MemberNamedTwice, VersionConflict */
  async set(teamId: string, document: RuleDocument, version?: number): Promise<DistributionRule> {
    if (!(await this.auth.teamExists(teamId))) throw new RecordNotFound('team', teamId);
    await this.assertMembers(teamId, document);
    return this.db
      .transaction(async () => {
        const rule = await this.write(teamId, document, version);
        await this.calls.call(teamId);
        return rule;
      })
      .catch(onConstraint('distribution_rules_pkey', () => new VersionConflict('distribution rule', teamId, 0, 1)));
  }

  /** What is nobody's then waits to be taken. @throws RecordNotFound, VersionConflict */
  async remove(teamId: string, version?: number): Promise<void> {
    await this.db.transaction(async () => this.db.remove(await this.db.lock(DistributionRule, teamId, version)));
  }

  private async write(teamId: string, document: RuleDocument, version?: number): Promise<DistributionRule> {
    if (await this.db.find(DistributionRule, teamId))
      return this.db.change(DistributionRule, teamId, version, (rule) => rule.replace(document));
    if (version) throw new VersionConflict('distribution rule', teamId, version, 0);
    return this.db.create(DistributionRule.of(teamId, document));
  }

  private async assertMembers(teamId: string, { members }: RuleDocument): Promise<void> {
    const team = new Set((await this.auth.membersOf(teamId)).map(({ id }) => id));
    const named = new Set<string>();
    for (const [index, { userId }] of members.entries()) {
      if (!team.has(userId)) throw new MemberUnknown(index);
      if (named.has(userId)) throw new MemberNamedTwice(index);
      named.add(userId);
    }
  }
}
