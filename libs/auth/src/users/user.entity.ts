import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  UserActivated,
  UserCreated,
  UserDeactivated,
  UserPasswordChanged,
  UserRolesChanged,
  UserUpdated,
} from '../events.js';

export const USER_STATUSES = ['active', 'deactivated'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];
/** What others may change of a person; of themselves people change `ProfileFields`. */
export type UserFields = { email: string; username: string | null } & ProfileFields;
export type ProfileFields = { firstName: string; lastName: string; zone: string; locale: string };
export type NewUser = Pick<UserFields, 'email'> &
  Partial<UserFields> & { id?: string; passwordHash?: string | null; mustChangePassword?: boolean };

/** A person who logs in. Never removed: what they did names them. */
@Entity('users')
export class User extends Aggregate<User> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly email: string;
  @Column('text', { nullable: true }) readonly username: string | null;
  @Column('text', { nullable: true }) readonly passwordHash: string | null;
  @Column('timestamptz', { nullable: true }) readonly passwordChangedAt: Date | null;
  @Column('boolean') readonly mustChangePassword: boolean;
  /** Whether a password still lets them in when an identity provider is required. */
  @Column('boolean') readonly isBreakGlass: boolean;
  @Column('text') readonly firstName: string;
  @Column('text') readonly lastName: string;
  @Column('text') readonly status: UserStatus;
  @Column('text') readonly zone: string;
  @Column('text') readonly locale: string;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static create(given: NewUser, now: Date): User {
    const { passwordHash = null, mustChangePassword = false } = given;
    const user = new User().change({
      id: given.id ?? newId(),
      email: lower(given.email),
      username: given.username ? lower(given.username) : null,
      firstName: given.firstName ?? given.email.trim().replace(/@.*$/, ''),
      lastName: given.lastName ?? '',
      zone: given.zone ?? 'UTC',
      locale: given.locale ?? 'en',
      status: 'active',
      passwordHash,
      mustChangePassword,
      isBreakGlass: false,
      passwordChangedAt: passwordHash ? now : null,
    });
    user.raise(UserCreated({ userId: user.id }));
    return user;
  }

  edit(fields: Partial<UserFields>): void {
    const { email, username, ...profile } = fields;
    this.change({
      ...profile,
      ...(email === undefined ? {} : { email: lower(email) }),
      ...(username === undefined ? {} : { username: username && lower(username) }),
    });
    this.raise(UserUpdated({ userId: this.id }));
  }

  /** A password that its owner chose: whatever demanded a new one is satisfied. */
  choosePassword(hash: string, now: Date): void {
    this.change({ passwordHash: hash, passwordChangedAt: now, mustChangePassword: false });
    this.raise(UserPasswordChanged({ userId: this.id }));
  }

  /** The same password, hashed with today's parameters. */
  rehash(hash: string): void {
    this.change({ passwordHash: hash });
  }

  /** Roles are rows beside it; this is where their change is told, and seen in the version. */
  mayBreakGlass(isBreakGlass: boolean): void {
    this.change({ isBreakGlass });
    this.raise(UserUpdated({ userId: this.id }));
  }

  haveOtherRoles(): void {
    this.raise(UserRolesChanged({ userId: this.id }));
  }

  deactivate(): void {
    if (this.status === 'deactivated') return;
    this.change({ status: 'deactivated' });
    this.raise(UserDeactivated({ userId: this.id }));
  }

  activate(): void {
    if (this.status === 'active') return;
    this.change({ status: 'active' });
    this.raise(UserActivated({ userId: this.id }));
  }

  get name(): string {
    return `${this.firstName} ${this.lastName}`.trim() || this.email;
  }
}

const lower = (text: string): string => text.trim().toLowerCase();
