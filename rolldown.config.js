import { defineConfig } from 'rolldown';

/** Read from their own folders at run time: native code, Lua scripts, pages, and what few processes ever need. */
const READ_FROM_FOLDERS = [/^@node-rs\//, /^bull$/, /^@bull-board\//, /^swagger-ui-dist/, /^pino-roll$/, /^@aws-sdk\//];
/** Nest asks for these by name at run time: bundled, they would be there twice, each with metadata of its own. */
const ASKED_BY_NEST = [/^typeorm/, /^class-validator/, /^class-transformer/];
const external = [...READ_FROM_FOLDERS, ...ASKED_BY_NEST];

/**
 * The processes of the product, each in one piece: to find, read and compile thousands of small modules is half of the
 * time until they are ready (docs/decisions/0008).
 */
export default defineConfig({
  platform: 'node',
  input: {
    api: 'dist/apps/api/src/main.js',
    openapi: 'dist/apps/api/src/openapi.js',
    worker: 'dist/apps/worker/src/main.js',
    cli: 'dist/apps/worker/src/cli.js',
  },
  external: (id) => external.some((one) => one.test(id)),
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    keepNames: true, // classes are told apart by name: entities, schemas, providers
    comments: false,
  },
  // Packages look for companions that are not installed, and ask once they need them.
  onwarn: (warning, warn) => void (warning.code === 'UNRESOLVED_IMPORT' || warn(warning)),
});
