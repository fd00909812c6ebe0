import { isDeepStrictEqual } from 'node:util';
import type { FieldFault } from '@app/kernel';
import { type CustomerDocument, DOCUMENT_FIELDS, OWN } from '../customer-document.js';
import { wireName } from '../wire-name.js';
import { NotRestorable } from './restoring.errors.js';

type Columns = Readonly<Record<string, unknown>> | null;
/** One change of the record, as whoever asks may see it. */
export type PastChange = { readonly action: string; readonly before: Columns; readonly after: Columns };

/** What has no verb of its own, by which it is changed instead. Of the tenant's own fields each is one. */
export const RESTORABLE_FIELDS = [
  ...DOCUMENT_FIELDS.filter((name) => name !== 'customFields'),
  'email',
  'phone',
] as const;

/**
 * What these fields were before the change, as a document to amend the record by. What the caller may not see did not change,
 * as far as anybody tells.
 * @throws NotRestorable
 */
export function formerValues(
  { action, before, after }: PastChange,
  names: readonly string[],
): Partial<CustomerDocument> {
  const isChange = action === 'updated' && before !== null;
  const [was, became] = [inWireNames(before), inWireNames(after)];
  const faults: FieldFault[] = [];
  const values = new Map<string, unknown>();
  const own = new Map<string, unknown>();
  for (const [at, name] of names.entries()) {
    const isOwn = name.startsWith(OWN);
    const key = isOwn ? name.slice(OWN.length) : name;
    const [former, later] = (isOwn ? [ownOf(was), ownOf(became)] : [was, became]).map((side) => side.get(key));
    if (!isOwn && !RESTORABLE_FIELDS.some((one) => one === name)) faults.push(fault(at, 'not_restorable', HAS_ITS_OWN));
    else if (!isChange || isDeepStrictEqual(former, later)) faults.push(fault(at, 'not_changed', DID_NOT_CHANGE));
    else (isOwn ? own : values).set(key, former ?? null);
  }
  if (faults.length) throw new NotRestorable(faults);
  return { ...Object.fromEntries(values), ...(own.size > 0 && { customFields: Object.fromEntries(own) }) };
}

const HAS_ITS_OWN = 'is not restored from history: it is changed by a route of its own, or by none';
const DID_NOT_CHANGE = 'was not changed by this, or not in a way that you may see';

const fault = (at: number, code: string, message: string): FieldFault => ({ pointer: `/fields/${at}`, code, message });

const inWireNames = (columns: Columns): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(columns ?? {}).map(([column, value]) => [wireName(column), value]));

const ownOf = (side: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> =>
  new Map(Object.entries((side.get('customFields') as object | undefined) ?? {}));
