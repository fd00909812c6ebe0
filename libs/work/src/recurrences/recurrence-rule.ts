import { RRuleTemporal } from 'rrule-temporal';
import { RuleInvalid } from './recurrence.errors.js';

const LONGEST_RULE = 500; // characters
const MOST_OCCURRENCES = 1_000;
const LONGEST_INTERVAL = 1_000;
const LAST_DATE = '9999-12-31';
const A_LEAP_DAY = '2024-02-29';

/** The parts of RFC 5545, 3.3.10, and RFC 7529 that speak of days. The time of the day is the task's. */
const PARTS: Readonly<Record<string, RegExp>> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,3}$/,
  COUNT: /^[1-9]\d{0,3}$/,
  UNTIL: /^\d{8}(T([01]\d|2[0-3])[0-5]\d[0-5]\dZ)?$/,
  BYDAY: /^([+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU))(,[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU))*$/,
  BYMONTH: /^\d{1,2}(,\d{1,2})*$/,
  BYMONTHDAY: /^[+-]?\d{1,2}(,[+-]?\d{1,2})*$/,
  BYYEARDAY: /^[+-]?\d{1,3}(,[+-]?\d{1,3})*$/,
  BYWEEKNO: /^[+-]?\d{1,2}(,[+-]?\d{1,2})*$/,
  BYSETPOS: /^[+-]?\d{1,3}(,[+-]?\d{1,3})*$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
  RSCALE: /^GREGORIAN$/,
  SKIP: /^(OMIT|BACKWARD|FORWARD)$/,
};

/**
 * On which days something comes again: an RRULE of days. It reckons in dates, which no clock change reaches. As the RFC has
 * it a month without a 31st is left out; `RSCALE=GREGORIAN;SKIP=BACKWARD` takes its last day, `BYMONTHDAY=-1` does so always.
 */
export class RecurrenceRule {
  private constructor(private readonly parts: ReadonlyMap<string, string>) {}

  /** @throws RuleInvalid */
  static parse(text: string): RecurrenceRule {
    if (text.length > LONGEST_RULE) throw new RuleInvalid(`it is longer than ${LONGEST_RULE} characters`);
    const parts = new Map<string, string>();
    for (const part of text
      .trim()
      .toUpperCase()
      .replace(/^RRULE:/, '')
      .split(';')) {
      const [name = '', value = ''] = part.split('=', 2);
      const pattern = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
      if (!pattern) throw new RuleInvalid(`${name || 'an empty part'} is not one of ${Object.keys(PARTS).join(', ')}`);
      if (!pattern.test(value)) throw new RuleInvalid(`${name} cannot be ${value || 'empty'}`);
      if (parts.has(name)) throw new RuleInvalid(`${name} is said twice`);
      parts.set(name, value);
    }
    const rule = new RecurrenceRule(parts);
    rule.assertSound();
    return rule;
  }

  /** How many there are in all, the first among them; null without an end by number. */
  get count(): number | null {
    const count = this.parts.get('COUNT');
    return count === undefined ? null : Number(count);
  }

  toString(): string {
    return [...this.parts].map(([name, value]) => `${name}=${value}`).join(';');
  }

  /**
   * The first day after `after` of what begins on `start`; null when there is none. It goes on for ever or until a day: an end
   * by number is for the caller to count, since counting from the start would take longer with every day.
   */
  next(start: string, after: string): string | null {
    return this.nextOf(this.without('COUNT'), start, after);
  }

  private without(...names: string[]): string {
    const rest = [...this.parts].filter(([name]) => !names.includes(name));
    return rest.map(([name, value]) => `${name}=${value}`).join(';');
  }

  private nextOf(text: string, start: string, after: string): string | null {
    const dtstart = `DTSTART;TZID=UTC:${start.replaceAll('-', '')}T000000`;
    const from = new Date(`${after < start ? start : after}T00:00:00Z`);
    try {
      // what begins a series belongs to it, whether or not the rule would name its day (RFC 5545, 3.8.5.3)
      const rule = new RRuleTemporal({ rruleString: `${dtstart}\nRRULE:${text}`, includeDtstart: true });
      const found = rule.next(from)?.toString().split('T')[0];
      return found && found.length === LAST_DATE.length && found <= LAST_DATE ? found : null;
    } catch {
      return null; // the library gives up on a rule that names no day for thousands of years
    }
  }

  private assertSound(): void {
    if (!this.parts.has('FREQ')) throw new RuleInvalid('FREQ is missing');
    if (this.parts.has('SKIP') && !this.parts.has('RSCALE')) throw new RuleInvalid('SKIP needs RSCALE=GREGORIAN');
    if (this.parts.has('COUNT') && this.parts.has('UNTIL')) throw new RuleInvalid('COUNT and UNTIL exclude each other');
    if ((this.count ?? 0) > MOST_OCCURRENCES) throw new RuleInvalid(`COUNT is at most ${MOST_OCCURRENCES}`);
    if (Number(this.parts.get('INTERVAL') ?? 1) > LONGEST_INTERVAL)
      throw new RuleInvalid(`INTERVAL is at most ${LONGEST_INTERVAL}`);
    const until = this.parts.get('UNTIL');
    if (until && !isDate(until)) throw new RuleInvalid(`UNTIL cannot be ${until}`);
    const isOfWholeMonths = /^(MONTHLY|YEARLY)$/.test(this.parts.get('FREQ') ?? '');
    if (/\d/.test(this.parts.get('BYDAY') ?? '') && !isOfWholeMonths)
      throw new RuleInvalid('BYDAY takes numbers with MONTHLY and YEARLY alone');
    if (!this.nextOf(this.without('COUNT', 'UNTIL'), A_LEAP_DAY, A_LEAP_DAY)) throw new RuleInvalid('it names no day');
  }
}

/** Of `YYYYMMDD` and whatever follows. */
function isDate(text: string): boolean {
  const day = text.replace(/^(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3');
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
