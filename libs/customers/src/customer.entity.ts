import { isDeepStrictEqual } from 'node:util';
import { Aggregate, newId } from '@app/kernel';
import type { ImportedField } from './importing/customer-fields.js';
import { type Concealed, concealedFields, type FieldValues } from '@app/records';
import { Column, Entity, PrimaryColumn, VirtualColumn } from 'typeorm';
import {
  addPoint,
  CONTACT_KINDS,
  type ContactPoint,
  type ContactPointDraft,
  type ContactPointEdit,
  editPoint,
  pointsOf,
  primaryOf,
  removePoint,
  setPrimary,
} from './contact-points/contact-point.js';
import {
  AlreadyReferred,
  CustomerInTrash,
  CustomerMerged,
  CustomerNotInTrash,
  ReferralCycle,
} from './customer.errors.js';
import { type CustomerDocument, DOCUMENT_FIELDS, type NewCustomer } from './customer-document.js';
import { bounded } from './metadata.js';
import { CUSTOMER_STATUS, type CustomerLevel, type CustomerStatus, type FirstStatus } from './customer.policy.js';
import {
  CustomerAssigned,
  CustomerCreated,
  CustomerLevelChanged,
  CustomerLevelPinEnded,
  CustomerLevelPinned,
  CustomersMerged,
  CustomersParted,
  CustomerPurged,
  CustomerReferred,
  CustomerRestored,
  CustomerStatusChanged,
  CustomerTrashed,
  CustomerUpdated,
  CustomerWon,
} from './events.js';
import { earnedOf, type LevelPin, type PinTerms, type Standing, standing } from './levels/level-pin.js';
import { NOTHING_KNOWN, type Person, personOf, type QuietHours } from './person/person.js';

/** What a merge decides anew. */
export type MergedFields = Pick<
  Customer,
  (typeof DOCUMENT_FIELDS)[number] | keyof Standing | 'assignedTo' | 'contactPoints' | 'wonAt' | 'referredBy'
>;
type MergeTold = { readonly otherId: string; readonly mergeId: string };

const NOT_IN_TRASH = { deletedAt: null, deletedBy: null, deletedBecause: null } as const;

@Entity('customers')
export class Customer extends Aggregate<Customer> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly firstName: string;
  @Column('text') readonly lastName: string;
  @Column({ type: 'text', nullable: true }) readonly company: string | null;
  @Column({ type: 'date', nullable: true }) readonly birthday: Person['birthday'];
  @Column({ type: 'text', nullable: true }) readonly timeZone: Person['timeZone'];
  @Column({ type: 'text', nullable: true }) readonly language: Person['language'];
  @Column({ type: 'text', nullable: true }) readonly preferredChannel: Person['preferredChannel'];
  @Column({ type: 'jsonb', nullable: true }) readonly quietHours: QuietHours | null;
  @Column('jsonb') readonly contactPoints: readonly ContactPoint[];
  @Column('text') readonly status: CustomerStatus;
  @Column({ type: 'text', nullable: true }) readonly statusReason: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly wonAt: Date | null;
  @Column({ type: 'text', nullable: true }) readonly level: CustomerLevel | null;
  @Column({ type: 'jsonb', nullable: true }) readonly levelPin: LevelPin | null;
  @Column('jsonb') readonly metadata: Record<string, unknown>;
  @Column('jsonb') readonly customFields: FieldValues;
  @VirtualColumn({ type: 'jsonb', query: concealedFields('customers') }) readonly concealedFields: Concealed;
  @Column('text') readonly source: string;
  @Column({ type: 'uuid', nullable: true }) readonly teamId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly referredBy: string | null;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'uuid', nullable: true }) readonly assignedTo: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly deletedAt: Date | null;
  @Column({ type: 'uuid', nullable: true }) readonly deletedBy: string | null;
  @Column({ type: 'text', nullable: true }) readonly deletedBecause: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly mergedInto: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static create(card: NewCustomer, createdBy: string, now: Date): Customer {
    const { id = newId(), status = CUSTOMER_STATUS.initial as FirstStatus, source = 'api' } = card;
    const customer = new Customer().change({
      id,
      ...{ firstName: card.firstName, lastName: card.lastName ?? '', company: card.company ?? null },
      ...NOTHING_KNOWN,
      ...personOf(card, now),
      contactPoints: pointsOf(card, newId),
      ...{ status, statusReason: null, wonAt: null },
      ...standing(null, null),
      metadata: bounded(card.metadata ?? {}),
      customFields: card.customFields ?? {},
      source,
      teamId: card.teamId ?? null,
      createdBy,
      ...{ referredBy: null, assignedTo: null, mergedInto: null },
      ...NOT_IN_TRASH,
    });
    customer.raise(CustomerCreated({ customerId: id, status, source }));
    customer.winOnce(now);
    return customer;
  }

  /** Takes over what is given and differs. Status, owner and level have verbs of their own. */
  amend({ email, phone, country, ...document }: Partial<CustomerDocument>, now: Date): void {
    this.assertPresent();
    const fields = { ...document, ...personOf(document, now) };
    if (fields.metadata) bounded(fields.metadata);
    const differs = DOCUMENT_FIELDS.filter(
      (name) => fields[name] !== undefined && !isDeepStrictEqual(fields[name], this[name]),
    );
    this.change(Object.fromEntries(differs.map((name) => [name, fields[name]])));
    const before = { email: this.email, phone: this.phone };
    if (email !== undefined) this.reachBy({ kind: 'email', value: email });
    if (phone !== undefined) this.reachBy({ kind: 'phone', value: phone, country });
    this.tellUpdated([...differs, ...CONTACT_KINDS.filter((kind) => before[kind] !== this[kind])]);
  }

  /** @throws InvalidTransition */
  moveTo(status: CustomerStatus, reason: string | null, now: Date): void {
    this.assertPresent();
    const from = this.status;
    if (from === status) return;
    CUSTOMER_STATUS.assert(from, status);
    this.change({ status, statusReason: reason });
    this.raise(CustomerStatusChanged({ customerId: this.id, from, to: status, reason }));
    this.winOnce(now);
  }

  assignTo(userId: string | null): void {
    this.assertPresent();
    const previous = this.assignedTo;
    if (previous === userId) return;
    this.change({ assignedTo: userId });
    this.raise(CustomerAssigned({ customerId: this.id, assignedTo: userId, previous }));
  }

  /** Said once; null takes it back. Longer cycles than of one are PostgreSQL's to find. @throws AlreadyReferred, ReferralCycle */
  comeFrom(referrerId: string | null): void {
    this.assertPresent();
    if (referrerId === this.referredBy) return;
    if (referrerId && this.referredBy) throw new AlreadyReferred(this.referredBy);
    if (referrerId === this.id) throw new ReferralCycle();
    this.change({ referredBy: referrerId });
    this.raise(CustomerReferred({ customerId: this.id, referredBy: referrerId }));
  }

  /** By merit; while a pin holds the level up, a lower one waits for its end. */
  rankAs(level: CustomerLevel | null): void {
    this.standAt(standing(level, this.levelPin));
  }

  pinLevel(pin: PinTerms): void {
    this.assertPresent();
    this.standAt(standing(earnedOf(this), pin));
    this.raise(CustomerLevelPinned({ customerId: this.id, level: pin.level, until: pin.until }));
  }

  /** By somebody; or by the timer of the pin that holds until `due`, also in the trash: one until another time stays. */
  endLevelPin(due?: string): void {
    if (!due) this.assertPresent();
    if (!this.levelPin || (due && due !== this.levelPin.until)) return;
    this.standAt(standing(earnedOf(this), null));
    this.raise(CustomerLevelPinEnded({ customerId: this.id, by: due ? 'time' : 'staff' }));
  }

  addContactPoint(draft: ContactPointDraft, id: string): void {
    this.assertPresent();
    this.changeContactPoints(addPoint(this.contactPoints, draft, id));
  }

  editContactPoint(id: string, edit: ContactPointEdit): void {
    this.assertPresent();
    this.changeContactPoints(editPoint(this.contactPoints, id, edit));
  }

  removeContactPoint(id: string): void {
    this.assertPresent();
    this.changeContactPoints(removePoint(this.contactPoints, id));
  }

  trash(deletedBy: string, reason: string | null, now: Date): void {
    this.assertPresent();
    this.change({ deletedAt: now, deletedBy, deletedBecause: reason });
    this.raise(CustomerTrashed({ customerId: this.id }));
  }

  restore(): void {
    this.assertInTrash();
    this.change(NOT_IN_TRASH);
    this.raise(CustomerRestored({ customerId: this.id }));
  }

  /** The other one takes over what was this one's. @throws CustomerInTrash, CustomerMerged */
  yieldTo(survivorId: string, by: string, now: Date): void {
    this.assertPresent();
    this.change({
      mergedInto: survivorId,
      deletedAt: now,
      deletedBy: by,
      deletedBecause: 'Merged into another customer',
    });
  }

  /** Of two customers one, as `fields` was decided. @throws CustomerInTrash, CustomerMerged, MetadataTooLarge */
  takeOver(fields: MergedFields, { otherId, mergeId }: MergeTold): void {
    this.assertPresent();
    bounded(fields.metadata);
    this.change(fields);
    this.raise(CustomersMerged({ customerId: this.id, otherId, mergeId }));
  }

  /** A merge is taken back, as far as nobody changed since what it decided. @throws CustomerInTrash, CustomerMerged */
  giveBack(fields: Partial<MergedFields>, { otherId, mergeId }: MergeTold): void {
    this.assertPresent();
    this.change(fields);
    this.raise(CustomersParted({ customerId: this.id, otherId, mergeId }));
  }

  standAlone(): void {
    this.change({ mergedInto: null, ...NOT_IN_TRASH });
  }

  /** As it was before an import, where nobody changed it since; also a status that no transition leads back to. */
  putBack(fields: Partial<Pick<Customer, ImportedField>>): void {
    this.assertPresent();
    const from = this.status;
    this.change(fields);
    const { status = from, ...document } = fields;
    this.tellUpdated(Object.keys(document));
    if (status !== from)
      this.raise(CustomerStatusChanged({ customerId: this.id, from, to: status, reason: this.statusReason }));
  }

  /** Says that the row is about to be deleted for good. */
  purge(): void {
    this.assertInTrash();
    this.raise(CustomerPurged({ customerId: this.id }));
  }

  get email(): string | null {
    return primaryOf(this.contactPoints, 'email')?.normalized ?? null;
  }

  get phone(): string | null {
    return primaryOf(this.contactPoints, 'phone')?.normalized ?? null;
  }

  get name(): string {
    return `${this.firstName} ${this.lastName}`.trim();
  }

  /** A welcome goes out once in the life of a record, however often its status comes and goes. */
  private winOnce(now: Date): void {
    if (this.status !== 'customer' || this.wonAt) return;
    this.change({ wonAt: now });
    this.raise(CustomerWon({ customerId: this.id }));
  }

  private standAt({ level, levelPin }: Standing): void {
    const from = this.level;
    this.change({ level, ...(!isDeepStrictEqual(levelPin, this.levelPin) && { levelPin }) });
    if (from !== level) this.raise(CustomerLevelChanged({ customerId: this.id, from, to: level }));
  }

  private reachBy(address: Parameters<typeof setPrimary>[1]): void {
    this.change({ contactPoints: setPrimary(this.contactPoints, address, newId) });
  }

  private changeContactPoints(contactPoints: readonly ContactPoint[]): void {
    if (isDeepStrictEqual(contactPoints, this.contactPoints)) return;
    this.change({ contactPoints });
    this.tellUpdated(['contactPoints']);
  }

  private tellUpdated(changed: string[]): void {
    if (changed.length) this.raise(CustomerUpdated({ customerId: this.id, changed }));
  }

  private assertPresent(): void {
    if (this.mergedInto) throw new CustomerMerged(this.id, this.mergedInto);
    if (this.deletedAt) throw new CustomerInTrash(this.id);
  }

  private assertInTrash(): void {
    if (this.mergedInto) throw new CustomerMerged(this.id, this.mergedInto);
    if (!this.deletedAt) throw new CustomerNotInTrash(this.id);
  }
}
