import { Aggregate, newId } from '@app/kernel';
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
  @Column('boolean') readonly isSeeded: boolean;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static define({ grants, ...fields }: RoleFields, isSeeded = false): Role {
    return new Role().change({ id: newId(), ...fields, grants: sorted(grants), isSeeded });
  }

  edit({ grants, ...fields }: Partial<RoleFields>): void {
    this.change({ ...fields, ...(grants ? { grants: sorted(grants) } : {}) });
    this.raise(RoleChanged({ roleId: this.id }));
  }
}

const sorted = (grants: readonly string[]): string[] => [...new Set(grants)].sort();
