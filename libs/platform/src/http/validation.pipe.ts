import { type FieldFault, Invalid } from '@app/kernel';
import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

const MOST_TOLD = 100;

/** A body, query or path that does not fit its shape: its faults, each with where it is. */
export class InvalidRequest extends Invalid {
  constructor(readonly errors: readonly FieldFault[]) {
    const [first] = errors;
    super(
      'validation_failed',
      errors.length === 1 && first
        ? [first.pointer, first.message].filter(Boolean).join(': ')
        : `${errors.length} fields are invalid`,
      { errors: errors.slice(0, MOST_TOLD) },
    );
  }
}

const MOST_DEPTH = 20;
const MOST_NODES = 20_000;
const MOST_FAULTS = 20;
// A lone half of a surrogate pair, or U+0000: PostgreSQL stores neither in text.

const UNSTORABLE = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Finds text that PostgreSQL cannot store, and structures too deep or too large to be honest. */
export function faultsOfText(value: unknown): FieldFault[] {
  const faults: FieldFault[] = [];
  let nodes = 0;
  const visit = (item: unknown, pointer: string, depth: number): void => {
    if (faults.length >= MOST_FAULTS || nodes > MOST_NODES) return;
    if (++nodes > MOST_NODES || depth > MOST_DEPTH) {
      faults.push({ pointer, code: 'too_complex', message: 'is nested too deep or has too many members' });
      return;
    }
    if (typeof item === 'string') {
      if (UNSTORABLE.test(item))
        faults.push({ pointer, code: 'invalid_text', message: 'contains U+0000 or half of a surrogate pair' });
    } else if (Array.isArray(item)) {
      item.forEach((member, index) => visit(member, `${pointer}/${index}`, depth + 1));
    } else if (item !== null && typeof item === 'object') {
      for (const [key, member] of Object.entries(item)) {
        if (UNSTORABLE.test(key))
          faults.push({
            pointer: `${pointer}/${escape(key)}`,
            code: 'invalid_text',
            message: 'has an unstorable name',
          });
        visit(member, `${pointer}/${escape(key)}`, depth + 1);
      }
    }
  };
  visit(value, '', 0);
  return faults;
}

const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

const snake = (name: string): string => name.replace(/([A-Z])/g, '_$1').toLowerCase();

export function faultsOfErrors(errors: readonly ValidationError[], prefix = ''): FieldFault[] {
  return errors.flatMap((error) => {
    const pointer = `${prefix}/${escape(error.property)}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      pointer,
      code: rule === 'whitelistValidation' ? 'unknown_field' : snake(rule),
      message: rule === 'whitelistValidation' ? 'is not a known field' : message,
    }));
    return [...own, ...faultsOfErrors(error.children ?? [], pointer)];
  });
}

/** Says that what is wrong stands in the query, as lists do: `query/limit`. */
function ofTheQuery(error: unknown): never {
  if (!(error instanceof InvalidRequest)) throw error;
  throw new InvalidRequest(error.errors.map((fault) => ({ ...fault, pointer: `query${fault.pointer}` })));
}

/**
 * class-validator with unknown keys refused, no implicit conversion, and a fault for each field. A request without a body
 * is one with an empty body: an action whose fields may all be left out needs none, and otherwise the missing are named.
 */
@Injectable()
export class InputPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      stopAtFirstError: false,
      transformOptions: { enableImplicitConversion: false, exposeDefaultValues: true },
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => new InvalidRequest(faultsOfErrors(errors)),
    });
  }

  override async transform(given: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'param' && metadata.metatype === String) return given; // text already; its own pipe judges it
    const value = given === undefined && metadata.type === 'body' && this.isDto(metadata) ? {} : given;
    if (metadata.type === 'body') {
      if (this.isDto(metadata) && !isPlainObject(value)) {
        throw new InvalidRequest([{ pointer: '', code: 'is_object', message: 'the body must be a JSON object' }]);
      }
      const faults = faultsOfText(value);
      if (faults.length) throw new InvalidRequest(faults);
    }
    const transformed = super.transform(value, metadata);
    return metadata.type === 'query' ? transformed.catch(ofTheQuery) : transformed;
  }

  private isDto({ metatype }: ArgumentMetadata): boolean {
    return (
      typeof metatype === 'function' && ![Object, String, Array, Buffer, Number, Boolean].includes(metatype as never)
    );
  }
}
