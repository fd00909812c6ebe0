/** Stamps a context in the agreed shape: `npm run new:context <plural-name> [singular]`. It compiles, boots and has a test. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const pascal = (name) => name.replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase());
const camel = (name) => pascal(name).replace(/^./, (letter) => letter.toLowerCase());
const snake = (name) => name.replaceAll('-', '_');

const TEMPLATE = join(CHECKOUT, 'apps/local/context-template');

const namesOf = (plural, singular) => ({
  __plural__: plural,
  __singular__: singular,
  __Plural__: pascal(plural),
  __Singular__: pascal(singular),
  __camelPlural__: camel(plural),
  __camelSingular__: camel(singular),
  __snakeSingular__: snake(singular),
  __table__: snake(plural),
  __stamp__: String(Date.now()),
});

const fill = (text, names) => text.replace(/__[A-Za-z]+?__/g, (name) => names[name] ?? name);

function registerPaths(plural) {
  const file = join(CHECKOUT, 'tsconfig.json');
  const rows = [
    `      "@app/${plural}/testing": ["./libs/${plural}/src/testing.ts"],`,
    `      "@app/${plural}/events": ["./libs/${plural}/src/events.ts"],`,
  ];
  // one row each: the tools that read these paths do not understand a star in the middle
  writeFileSync(file, readFileSync(file, 'utf8').replace('      "@app/*":', `${rows.join('\n')}\n      "@app/*":`));
}

function registerContext(plural) {
  const file = join(CHECKOUT, 'apps/contexts.ts');
  const name = `${camel(plural)}Context`;
  const text = `import { ${name} } from '@app/${plural}';\n${readFileSync(file, 'utf8')}`;
  writeFileSync(file, text.replace(/\n\];/, `\n  ${name},\n];`));
}

/** How a line breaks depends on the length of the names in it. */
function format(folder) {
  const prettier = join(CHECKOUT, 'node_modules/prettier/bin/prettier.cjs');
  const { status, stderr } = spawnSync(process.execPath, [prettier, '--write', '--log-level', 'warn', folder]);
  if (status !== 0) throw new Error(`Prettier could not format ${folder}: ${stderr}`);
}

/** Writes the pattern, with its names filled in, into a folder. */
export function stamp(folder, plural, singular) {
  const names = namesOf(plural, singular);
  for (const entry of readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const target = join(folder, fill(relative(TEMPLATE, path), names).replace(/\.txt$/, ''));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, fill(readFileSync(path, 'utf8'), names));
  }
}

export default function newContext([plural, singular = plural?.replace(/ies$/, 'y').replace(/s$/, '')]) {
  if (!/^[a-z]+(-[a-z]+)*$/.test(plural ?? ''))
    throw new Error('Usage: npm run new:context <plural-name> [singular], in lower case');
  const folder = join(CHECKOUT, 'libs', plural);
  if (existsSync(folder)) throw new Error(`libs/${plural} exists`);
  stamp(folder, plural, singular);
  registerPaths(plural);
  registerContext(plural);
  format(folder);
  process.stdout.write(
    `libs/${plural} is there and loaded. Next: its row in .dependency-cruiser.cjs, its words in libs/${plural}/README.md.\n`,
  );
  return 0;
}
