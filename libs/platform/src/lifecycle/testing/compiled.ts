import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Options, transformFileSync } from '@swc/core';

const root = resolve(import.meta.dirname, '../../../../..');
const SOURCES = ['libs/kernel/src', ...['config', 'logging', 'lifecycle'].map((part) => `libs/platform/src/${part}`)];

/** The sources that a process needs, as JavaScript that plain `node` runs: crashes and signals are tested on real processes. */
export class Compiled {
  private constructor(private readonly directory: string) {}

  static make(): Compiled {
    // Inside the repository, so that packages resolve.
    const cache = join(root, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    const directory = mkdtempSync(join(cache, 'nexus-spec-'));
    writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
    for (const source of SOURCES) compile(join(root, source), directory);
    return new Compiled(directory);
  }

  path(source: string): string {
    return join(this.directory, 'libs/platform/src', source.replace(/\.ts$/, '.js'));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function compile(from: string, to: string): void {
  const kernel = join(to, 'libs/kernel/src/index.js');
  for (const entry of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts') || /\.(spec|d)\.ts$/.test(entry)) continue;
    const target = join(to, relative(root, from), entry.replace(/\.ts$/, '.js'));
    const { code } = transformFileSync(join(from, entry), OPTIONS);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      code.replace(/'@app\/kernel'|"@app\/kernel"/, JSON.stringify(relative(dirname(target), kernel))),
    );
  }
}

const OPTIONS: Options = {
  swcrc: false,
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};
