import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [options]

  --quick            2 rounds of 2 s instead of 5 of 4 s: to see that it runs, not to quote
  --rounds <n>       rounds of each case
  --seconds <n>      seconds of each round and side
  --only <names>     parts by name, separated by commas: start, memory, overload, statements, plans, lag, the cases
                     get, list, capped, cursor, search, create, and the answer desk's
                     queue, takers, sla, imap, prover; global-search over a million records; and the files that come in
                     and go out: import, export
  --million          look at the plans over a million customers of each tenant, and export those of one; they are
                     generated on the first run
  --profile          take a CPU profile of the API while each case runs alone, and print where its time goes
  --report           write the figures into docs/performance.md
  --fresh            generate the rows again
`;

/** On the rows of a desk that is far behind; the last one on rows of its own. */
const DESK_PARTS = ['queue', 'takers', 'sla', 'imap', 'prover'];

export const PARTS = [
  'start',
  'get',
  'list',
  'capped',
  'cursor',
  'search',
  'create',
  'memory',
  'overload',
  'statements',
  'plans',
  'lag',
  ...DESK_PARTS,
  'global-search',
  'import',
  'export',
];

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  only: { type: 'string' },
  million: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  report: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
};

/** @throws Error that says what is wrong with the command line */
export function readOptions(args) {
  const { values } = parseArgs({ args, options: OPTIONS });
  const parts = values.only?.split(',') ?? PARTS;
  const unknown = parts.filter((part) => !PARTS.includes(part));
  if (unknown.length) throw new Error(`There is no part ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  if (values.report && (values.only || values.quick)) throw new Error('A report is of the whole bench at full length');
  const number = (name, otherwise) => (values[name] === undefined ? otherwise : positive(name, values[name]));
  return {
    ...values,
    rounds: number('rounds', values.quick ? 2 : 5),
    seconds: number('seconds', values.quick ? 2 : 4),
    has: (part) => parts.includes(part),
  };
}

function positive(name, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1`);
  return value;
}
