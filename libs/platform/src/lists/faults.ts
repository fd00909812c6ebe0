import { type FieldFault, Invalid } from '@app/kernel';

/** Notes one fault. Gives undefined, so that a reader can `return report(...)`. */
export type Report = (code: string, message: string) => undefined;

const MOST_FAULTS = 100;
const LONGEST_KEY = 100;

/** Collects what is wrong with a request, so that its sender learns all of it at once (the first hundred faults). */
export class Faults {
  private readonly found: FieldFault[] = [];

  at(pointer: string): Report {
    return (code, message) => {
      if (this.found.length < MOST_FAULTS) this.found.push({ pointer, code, message });
      return undefined;
    };
  }

  get any(): boolean {
    return this.found.length > 0;
  }

  get all(): FieldFault[] {
    return [...this.found];
  }

  /** @throws Invalid with every fault found */
  refuseIfAny(code: string, message: string): void {
    if (this.any) throw new Invalid(code, message, { errors: this.found });
  }
}

/** One reference token of a JSON pointer (RFC 6901), cut so that a hostile key does not fill the answer. */
export const token = (key: string): string =>
  (key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key).replaceAll('~', '~0').replaceAll('/', '~1');

/** False for what PostgreSQL cannot store (U+0000) and for lone surrogates, which are no text in any encoding. */
export const isCleanText = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text);
