import { existsSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transformSync } from '@swc/core';

// `node --import ./typescript.mjs file.ts`: a process that a test can kill, of the sources as they stand.
if (isMainThread) register(import.meta.url);

const LIBS = new URL('../../../', import.meta.url);
const JSC = {
  target: 'es2022',
  parser: { syntax: 'typescript', decorators: true },
  transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
};

export async function resolve(specifier, context, next) {
  const [, library, part = 'index'] = /^@app\/([\w-]+)(?:\/([\w-]+))?$/.exec(specifier) ?? [];
  if (library) return { url: new URL(`${library}/src/${part}.ts`, LIBS).href, shortCircuit: true };
  if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(url)) return { url: url.href, shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith(pathToFileURL('/').href) || !url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'es6' },
    jsc: JSC,
  });
  return { format: 'module', source: code, shortCircuit: true };
}
