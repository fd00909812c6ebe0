import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TeamChanged, TeamDeleted, TeamMoved } from '../events.js';

export type TeamFields = { name: string; description: string; parentId: string | null };

/**
 * People who share work: what is granted `_team` reaches as far as their teams, and of whoever leads one also as far as all
 * teams below it.
 */
@Entity('teams')
export class Team extends Aggregate<Team> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('text') readonly description: string;
  /** The team above it. */
  @Column('uuid', { nullable: true }) readonly parentId: string | null;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static form(fields: TeamFields, id: string = newId()): Team {
    const team = new Team().change({ id, ...fields });
    if (team.parentId) team.raise(TeamMoved({ teamId: id, from: null, to: team.parentId }));
    return team;
  }

  edit(fields: Partial<TeamFields>): void {
    const from = this.parentId;
    this.change(fields);
    this.raise(TeamChanged({ teamId: this.id }));
    if (this.parentId !== from) this.raise(TeamMoved({ teamId: this.id, from, to: this.parentId }));
  }

  /** Members are rows beside it; this is where their change is told, and seen in the version. */
  haveOtherMembers(): void {
    this.raise(TeamChanged({ teamId: this.id }));
  }

  dissolve(): void {
    this.raise(TeamDeleted({ teamId: this.id }));
    if (this.parentId) this.raise(TeamMoved({ teamId: this.id, from: this.parentId, to: null }));
  }
}
