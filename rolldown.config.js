import { resolve } from 'node:path';
import { defineConfig } from 'rolldown';

/** Read from their own folders at run time: native code, pages, and what few processes ever need. */
const READ_FROM_FOLDERS = [/^@node-rs\//, /^swagger-ui-dist/, /^pino-roll$/, /^@aws-sdk\//];
/**
 * These ask for their peers (typeorm, class-validator, class-transformer) by a `require` that they make themselves, which no
 * bundler sees: the peers would be there twice, each with metadata of its own. Without that line it is a plain `require`.
 */
const ASK_FOR_PEERS = /@nestjs[/\\](mapped-types|typeorm)[/\\]/;
const MADE_REQUIRE = 'const require = createRequire(import.meta.url);';
const peersInTheBundle = {
  name: 'peers-in-the-bundle',
  transform: {
    filter: { id: ASK_FOR_PEERS, code: MADE_REQUIRE },
    handler: (code) => ({ code: code.replace(MADE_REQUIRE, ''), map: null }),
  },
};

/**
 * A few hundred letters beyond Latin 1 would have V8 keep all ten megabytes of text in two bytes a letter; without any beyond
 * ASCII they are read as they lie (apps/launch.ts).
 */
const inAscii = {
  name: 'ascii',
  generateBundle: (_, bundle) => {
    for (const part of Object.values(bundle))
      if (part.type === 'chunk') part.code = part.code.replace(/[\u0080-\uffff]/g, escaped);
  },
};
const escaped = (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Packages look for companions that are not installed, and ask once they need them; terminus asks by what a script has not,
 * in indicators that nobody here makes; the queues' board evaluates where its pages are unless it is told.
 */
const isExpected = ({ code, message }) =>
  code === 'UNRESOLVED_IMPORT' ||
  (code === 'EMPTY_IMPORT_META' && message.includes('terminus')) ||
  (code === 'EVAL' && message.includes('@bull-board'));

const PROCESSES = {
  api: 'dist/apps/api/src/main.js',
  openapi: 'dist/apps/api/src/openapi.js',
  worker: 'dist/apps/worker/src/main.js',
  cli: 'dist/apps/worker/src/cli.js',
};

/** `dist/api.js` and its like: a line each. */
const launchers = {
  name: 'launchers',
  resolveId: (id) => (id in PROCESSES ? id : null),
  load: (id) => (id in PROCESSES ? `import { launch } from ${LAUNCH}; launch('${id}');` : null),
};
const LAUNCH = JSON.stringify(resolve('dist/apps/launch.js'));

/**
 * The processes of the product, each in one piece: to find, read and compile thousands of small modules is half of the
 * time until they are ready (docs/decisions/0008).
 */
export default defineConfig([
  {
    platform: 'node',
    input: PROCESSES,
    external: (id) => READ_FROM_FOLDERS.some((one) => one.test(id)),
    plugins: [peersInTheBundle, inAscii],
    output: {
      dir: 'dist/bundles',
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
      keepNames: true, // classes are told apart by name: entities, schemas, providers
      // a fifth less memory and time to parse; the names in a stack stay, compiled files lie in dist/apps and dist/libs
      minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
      comments: false,
    },
    onwarn: (warning, warn) => void (isExpected(warning) || warn(warning)),
  },
  {
    platform: 'node',
    input: Object.fromEntries(Object.keys(PROCESSES).map((name) => [name, name])),
    plugins: [launchers],
    output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'bundles/launch.js' },
  },
]);
