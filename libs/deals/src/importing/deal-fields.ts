import { CURRENCIES, minorDigitsOf } from '@app/kernel';
import { cellText, type ImportField, type ImportValues, refuseRow } from '@app/platform';

export const DEAL_FIELDS: readonly ImportField[] = [
  { name: 'id', type: 'text', isKey: true, description: 'Finds a deal; a new one gets an id of its own' },
  { name: 'name', type: 'text', isKey: true, isRequired: true, description: 'Up to 200 characters' },
  { name: 'amount', type: 'number', description: 'In minor units, as an export writes it: 1200000 is 12,000.00 EUR' },
  { name: 'price', type: 'number', description: 'The amount in units of its currency: 12000.50' },
  { name: 'currency', type: 'text', description: 'ISO 4217; of a new deal the pipeline’s unless given' },
  { name: 'expectedCloseDate', type: 'date', description: 'A day' },
  { name: 'probability', type: 'number', description: 'Of winning, in percent; the stage’s unless given' },
  { name: 'customer', type: 'text', description: 'Its id or an e-mail address, of one whom you may see' },
  { name: 'company', type: 'text', description: 'Its id, domain or name' },
  { name: 'pipeline', type: 'text', description: 'Its id or name; the default one unless given' },
  { name: 'stage', type: 'text', description: 'Its id or name; of a new deal the first one unless given' },
  { name: 'owner', type: 'text', description: 'Id, e-mail address or username; of a new deal yours unless given' },
  { name: 'teamId', type: 'text', description: 'The team whose members reach the deal' },
];

/** What of a deal a file may say, and taking it back puts back. */
export const DEAL_PROPERTIES = [
  ...(['name', 'amount', 'currency', 'expectedCloseDate', 'probability'] as const),
  ...(['customerId', 'companyId', 'teamId', 'customFields', 'stageId', 'ownerId'] as const),
] as const;

/** In minor units; undefined where the row says nothing of it. Refuses digits that the currency does not have. */
export function amountOf(row: ImportValues, currency: string): number | undefined {
  const price = cellText(row, 'price');
  if (price === undefined) return typeof row.amount === 'number' ? row.amount : undefined;
  if (row.amount !== undefined) refuseRow('price', 'given_twice', 'is given as amount as well');
  if (!CURRENCIES.includes(currency)) refuseRow('currency', 'invalid_value', 'must be an ISO 4217 code');
  const digits = minorDigitsOf(currency);
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d{1,15}))?$/.exec(price) ?? [];
  if (!whole || fraction.length > digits)
    refuseRow('price', 'wrong_exponent', `must have at most ${digits} digits after the point, as ${currency} has`);
  return Number(`${sign}${whole}${fraction.padEnd(digits, '0')}`);
}
