import type { Operation } from './operation.js';

/** The beginning of a path to examples of its parameters, by their names: records that suit what is done to them. */
export type PathExamples = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is said of the longest beginning of the path stands last, so it wins. */
function examplesOf(path: string, all: PathExamples): Readonly<Record<string, string>> {
  const fitting = Object.entries(all).filter(([start]) => path === start || path.startsWith(`${start}/`));
  const byLength = fitting.sort(([one], [other]) => one.length - other.length);
  return Object.assign({}, ...byLength.map(([, values]) => values)) as Record<string, string>;
}

/** "Try it out" then works with the path as it stands. */
export function illustrate(path: string, { parameters = [] }: Operation, all: PathExamples): void {
  const examples = examplesOf(path, all);
  for (const parameter of parameters) {
    if (!('name' in parameter) || parameter.in !== 'path') continue;
    const example = examples[parameter.name];
    if (example !== undefined) parameter.example = example;
  }
}
