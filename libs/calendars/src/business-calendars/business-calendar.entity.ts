import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BusinessHours } from '../business-time.js';
import { CalendarChanged } from '../events.js';
import { type BusinessHoursSpec, type Holiday, type OpenInterval, type Weekday, WEEKDAYS } from '../opening-hours.js';
import { CalendarIsDefault } from './business-calendar.errors.js';

export type CalendarDocument = BusinessHoursSpec & { readonly name: string };
type Hours = Required<BusinessHoursSpec>;

/** Business hours that a tenant has written down under a name. One of them counts wherever no other is named. */
@Entity('business_calendars')
export class BusinessCalendar extends Aggregate<BusinessCalendar> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('text') readonly zone: string;
  @Column('jsonb') readonly week: Hours['week'];
  @Column('jsonb') readonly holidays: readonly Holiday[];
  @Column('boolean') readonly isDefault: boolean;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** @throws BusinessHoursInvalid with every fault */
  static draw({ name, ...spec }: CalendarDocument, isDefault = false, id = newId()): BusinessCalendar {
    return new BusinessCalendar().change({ id, name, ...checked(spec), isDefault });
  }

  /** @throws BusinessHoursInvalid with every fault */
  revise({ name, ...spec }: CalendarDocument): void {
    const hours = checked(spec);
    const { zone, week, holidays } = this;
    this.change({ name, ...hours });
    if (JSON.stringify(hours) !== JSON.stringify(checked({ zone, week, holidays }))) this.tell();
  }

  becomeDefault(): void {
    if (this.isDefault) return;
    this.change({ isDefault: true });
    this.tell();
  }

  yieldDefault(): void {
    this.change({ isDefault: false });
    this.tell();
  }

  /** Other teams work by it than before. */
  serveOthers(): void {
    this.tell();
  }

  /** @throws CalendarIsDefault: a tenant without a default would have no hours where none are named */
  assertRemovable(): void {
    if (this.isDefault) throw new CalendarIsDefault(this.id);
  }

  private tell(): void {
    this.raise(CalendarChanged({ calendarId: this.id }));
  }
}

/** Kept in one form whatever order and further members they came in, so that equal hours are equal as JSON. */
function checked(spec: BusinessHoursSpec): Hours {
  const { zone, week, holidays = [] } = BusinessHours.of(spec).spec;
  return {
    zone,
    week: Object.fromEntries(
      WEEKDAYS.filter((day) => week[day]?.length).map((day: Weekday) => [day, (week[day] ?? []).map(plain)]),
    ),
    holidays: [...holidays]
      .sort((one, other) => (one.date < other.date ? -1 : 1))
      .map(({ date, hours }) => (hours?.length ? { date, hours: hours.map(plain) } : { date })),
  };
}

const plain = ({ opens, closes }: OpenInterval): OpenInterval => ({ opens, closes });
