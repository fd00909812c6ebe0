import { FieldTermsInvalid } from './custom-field.errors.js';
import { type FieldType, INDEXABLE, LONGEST_TEXT } from './custom-field.policy.js';
import type { FieldTerms } from './field-values.js';

type Definition = FieldTerms & {
  readonly targetKind: string | null;
  readonly isIndexed: boolean;
  readonly isRequired: boolean;
  readonly expression: string | null;
};

const BOUNDED: readonly FieldType[] = ['text', 'number', 'money', 'multi_select'];

/** Whether what a field says of itself makes sense together. @throws FieldTermsInvalid for the first thing that does not */
export function assertSound(field: Definition): void {
  const wrong = faultsOf(field).find(([, isWrong]) => isWrong);
  if (wrong) throw new FieldTermsInvalid(wrong[0], wrong[2]);
}

function faultsOf(field: Definition): [string, boolean, string][] {
  const { type, options, rules, targetKind, currency, isIndexed, isRequired, expression } = field;
  const { min, max, earliest, latest } = rules;
  const isChoice = type === 'select' || type === 'multi_select';
  const keys = options.map(({ key }) => key);
  const isBounded = min != null || max != null;
  const isCount = type === 'text' || type === 'multi_select';
  return [
    ['/options', isChoice !== options.length > 0, 'Options belong to select and multi_select, which need some'],
    ['/options', new Set(keys).size < keys.length, 'Each option has a key of its own'],
    [
      '/targetKind',
      (type === 'relation') !== (targetKind !== null),
      'A relation names the kind of its records; nothing else does',
    ],
    ['/expression', (type === 'formula') !== (expression !== null), 'A formula has an expression; nothing else does'],
    ['/isRequired', type === 'formula' && isRequired, 'A formula is not written, and so not required'],
    ['/currency', currency !== null && type !== 'money', 'Only money has a currency'],
    ['/isIndexed', isIndexed && !INDEXABLE.has(type), `A field of type ${type} is not indexed`],
    ['/min', isBounded && !BOUNDED.includes(type), `A field of type ${type} has no min and max`],
    [
      '/min',
      isCount && [min, max].some((bound) => bound != null && !isCountable(bound)),
      'Lengths and counts are whole numbers from 0',
    ],
    ['/max', type === 'text' && (max ?? 0) > LONGEST_TEXT, `A text has at most ${LONGEST_TEXT} characters`],
    ['/max', min != null && max != null && min > max, 'max is not below min'],
    ['/earliest', (earliest != null || latest != null) && type !== 'date', 'Only dates have an earliest and a latest'],
    ['/latest', earliest != null && latest != null && earliest > latest, 'latest is not before earliest'],
  ];
}

const isCountable = (bound: number): boolean => Number.isSafeInteger(bound) && bound >= 0;
