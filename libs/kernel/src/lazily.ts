import { createRequire } from 'node:module';

/**
 * What is loaded by who first needs it: a package of a hundred files costs every start 0.1 s, and few processes ever use
 * it. `lazily(import.meta.url, (load) => load('sanitize-html') as typeof import('sanitize-html'))`
 */
export function lazily<T extends object>(from: string, get: (load: NodeJS.Require) => T): () => T {
  let loaded: T | undefined;
  return () => (loaded ??= get(createRequire(from)));
}
