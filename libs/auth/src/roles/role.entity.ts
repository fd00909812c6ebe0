import { Aggregate, type FieldRules, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { RoleChanged } from '../events.js';

/** `mfaRequired`: whoever has the role needs a second factor. */
export type RoleFields = { name: string; description: string; grants: string[]; mfaRequired: boolean };

/** A bundle of grants under a name. Data: the code asks for permissions and knows no role. */
@Entity('roles')
export class Role extends Aggregate<Role> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('text') readonly description: string;
  @Column('text', { array: true }) readonly grants: string[];
  @Column('boolean') readonly mfaRequired: boolean;
  @Column('jsonb') readonly fieldRules: FieldRules;
  @Column('boolean') readonly isSeeded: boolean;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static define({ grants, ...fields }: RoleFields, isSeeded = false): Role {
    return new Role().change({ id: newId(), ...fields, grants: sorted(grants), fieldRules: {}, isSeeded });
  }

  edit({ grants, ...fields }: Partial<RoleFields>): void {
    this.change({ ...fields, ...(grants ? { grants: sorted(grants) } : {}) });
    this.raise(RoleChanged({ roleId: this.id }));
  }

  /** What its holders do not see or do not write of records. */
  restrictFields(fieldRules: FieldRules): void {
    this.change({ fieldRules });
    this.raise(RoleChanged({ roleId: this.id }));
  }
}

const sorted = (grants: readonly string[]): string[] => [...new Set(grants)].sort();
