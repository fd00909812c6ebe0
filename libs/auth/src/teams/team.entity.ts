import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TeamChanged, TeamDeleted } from '../events.js';

export type TeamFields = { name: string; description: string };

/** People who share work: what is granted `_team` reaches as far as their teams. */
@Entity('teams')
export class Team extends Aggregate<Team> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('text') readonly description: string;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static form(fields: TeamFields, id: string = newId()): Team {
    return new Team().change({ id, ...fields });
  }

  edit(fields: Partial<TeamFields>): void {
    this.change(fields);
    this.raise(TeamChanged({ teamId: this.id }));
  }

  /** Members are rows beside it; this is where their change is told, and seen in the version. */
  haveOtherMembers(): void {
    this.raise(TeamChanged({ teamId: this.id }));
  }

  dissolve(): void {
    this.raise(TeamDeleted({ teamId: this.id }));
  }
}
