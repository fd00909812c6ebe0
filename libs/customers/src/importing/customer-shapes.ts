import { type ImportValues, shapedAs } from '@app/platform';
import { CreateCustomer } from '../customers.dto.js';
import { CUSTOMER_FIELDS } from './customer-fields.js';

const judged = new WeakMap<ImportValues, Promise<CreateCustomer>>();

/** What a row says as the body that creates a customer: judged once, however often it is asked for. @throws InvalidRequest */
export function shapedAsNew(values: ImportValues): Promise<CreateCustomer> {
  const known = judged.get(values);
  if (known) return known;
  const shape = shapedAs(CreateCustomer, bodyOf(values));
  shape.catch(() => undefined); // whoever writes the row hears of it
  judged.set(values, shape);
  return shape;
}

/** As the body of a request says it. What only finds a record is not part of it. */
export function bodyOf(values: ImportValues): Record<string, unknown> {
  const names = CUSTOMER_FIELDS.map(({ name }) => name).filter((name) => name !== 'id' && values[name] !== undefined);
  const { quietHours, ...body } = Object.fromEntries(names.map((name) => [name, values[name]]));
  return { ...body, ...(quietHours !== undefined && { quietHours: hoursOf(String(quietHours)) }) };
}

/** One cell holds both ends: `21:00-08:00`. */
function hoursOf(cell: string): object {
  const [start, end, ...more] = cell.split(/[-\u2013]/).map((time) => time.trim());
  return more.length ? { start: cell } : { start, end };
}
