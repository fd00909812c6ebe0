import { Instant, MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Length,
  Max,
  MaxDate,
  MaxLength,
  Min,
  MinDate,
  ValidateNested,
} from 'class-validator';

const trimmed = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.trim() : value);

const MOST_INTERVALS = 24;
const HUNDRED_YEARS = 100 * 366 * 24 * 3600;

export class OpenIntervalDto {
  /** @example "09:00" */
  @IsString()
  @MaxLength(5)
  opens: string;

  /**
   * The first minute that is closed again; "24:00" is the day's end.
   * @example "17:00"
   */
  @IsString()
  @MaxLength(5)
  closes: string;
}

const Intervals = (): PropertyDecorator => (target, key) => {
  for (const decorate of [
    MayBeAbsent(),
    IsArray(),
    ArrayMaxSize(MOST_INTERVALS),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(() => OpenIntervalDto),
    ApiProperty({ type: [OpenIntervalDto], required: false }),
  ]) {
    decorate(target, key);
  }
};

/** The hours of each weekday, 1 (Monday) to 7 (Sunday); a day without hours is closed. */
export class WeekDto {
  @Intervals() 1?: OpenIntervalDto[];
  @Intervals() 2?: OpenIntervalDto[];
  @Intervals() 3?: OpenIntervalDto[];
  @Intervals() 4?: OpenIntervalDto[];
  @Intervals() 5?: OpenIntervalDto[];
  @Intervals() 6?: OpenIntervalDto[];
  @Intervals() 7?: OpenIntervalDto[];
}

export class HolidayDto {
  /** @example "2026-12-24" */
  @IsString()
  @MaxLength(10)
  date: string;

  /** Hours of its own instead of the weekday's; closed without. */
  @Intervals()
  hours?: OpenIntervalDto[];
}

export class CalendarDto {
  /** @example "Support Berlin" */
  @Transform(trimmed)
  @IsString()
  @Length(1, 100)
  name: string;

  /**
   * IANA time zone.
   * @example "Europe/Berlin"
   */
  @IsString()
  @MaxLength(64)
  zone: string;

  /** @example { "1": [{ "opens": "09:00", "closes": "17:00" }], "5": [{ "opens": "09:00", "closes": "15:00" }] } */
  @IsObject()
  @ValidateNested()
  @Type(() => WeekDto)
  week: WeekDto;

  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => HolidayDto)
  holidays?: HolidayDto[];
}

export class CalendarTeamsDto {
  /**
   * All the teams that work by this calendar from now on.
   * @example ["01920000-0001-7002-8000-000000000001"]
   */
  @IsArray()
  @ArrayMaxSize(500)
  @IsUUID('all', { each: true })
  teamIds: string[];
}

export class PreviewDto {
  /** @example "2026-11-06T15:30:00Z" */
  @Instant()
  @MinDate(new Date('1970-01-01T00:00:00Z'))
  @MaxDate(new Date('2500-01-01T00:00:00Z'))
  from: Date;

  /**
   * Of business time.
   * @example 3600
   */
  @IsInt()
  @Min(0)
  @Max(HUNDRED_YEARS)
  seconds: number;
}

export class PreviewView {
  from: Date;
  seconds: number;
  /** Whether business is open at `from`. */
  isOpen: boolean;
  /** `from` itself when open, else when business opens next. */
  opensAt: Date;
  /** When that much business time has passed. */
  deadline: Date;
}

export class CalendarView {
  id: string;
  name: string;
  zone: string;
  week: WeekDto;
  holidays: HolidayDto[];
  /** Counts wherever no other calendar is named. */
  isDefault: boolean;
  teamIds: string[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}
