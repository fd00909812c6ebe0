/**
 * The committed openapi.json is what the build says, lints without errors, and gives a client that compiles.
 * `--write` brings openapi.json and clients/typescript up to date.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const COMMITTED = join(ROOT, 'openapi.json');
const CLIENT = join(ROOT, 'clients/typescript');
const SCHEMA = join(CLIENT, 'schema.d.ts');
const CREATING = join(CLIENT, 'creating.ts');
const folder = mkdtempSync(join(tmpdir(), 'nexus-openapi-'));
const bin = (name) => join(ROOT, 'node_modules/.bin', name);

async function build() {
  const file = join(folder, 'openapi.json');
  await run(process.execPath, [join(ROOT, 'dist/openapi.js'), file], { cwd: ROOT });
  return readFileSync(file, 'utf8');
}

async function client(document) {
  const input = join(folder, 'input.json');
  const output = join(folder, 'schema.d.ts');
  writeFileSync(input, document);
  // Else whoever calls has to give what has a default.
  const options = ['--default-non-nullable=false'];
  await run(bin('openapi-typescript'), [input, '-o', output, ...options], { cwd: ROOT });
  return readFileSync(output, 'utf8');
}

/** The calls that create and may be repeated by their key: the types of a document are gone when a client runs. */
function creating(document) {
  const { paths } = JSON.parse(document);
  const takesKey = ({ $ref }) => $ref === '#/components/parameters/IdempotencyKey';
  const found = Object.entries(paths).filter(([, { post }]) => post?.responses[201] && post.parameters?.some(takesKey));
  const lines = found.map(([path]) => `  '${path}',\n`).sort();
  return `/** Written by openapi-diff.mjs: what creates and takes an Idempotency-Key. */\nexport const CREATING: ReadonlySet<string> = new Set([\n${lines.join('')}]);\n`;
}

const contentOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

async function lint() {
  await run(bin('redocly'), ['lint', 'openapi.json', '--format=stylish'], {
    cwd: ROOT,
    env: { ...process.env, REDOCLY_TELEMETRY: 'off' },
  });
}

async function compile() {
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--moduleResolution',
    'nodenext',
    '--target',
    'es2022',
    '--ignoreConfig',
  ];
  await run(bin('tsc'), [...options, join(CLIENT, 'index.ts')], { cwd: ROOT });
}

function uniqueOperations(document) {
  const ids = Object.values(JSON.parse(document).paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (twice.length) throw new Error(`operationId used twice: ${twice.join(', ')}`);
}

try {
  const document = await build();
  const types = await client(document);
  if (process.argv.includes('--write')) {
    writeFileSync(COMMITTED, document);
    writeFileSync(SCHEMA, types);
    writeFileSync(CREATING, creating(document));
  }
  if (contentOf(COMMITTED) !== document)
    throw new Error('openapi.json is not what the build says: node test/support/openapi-diff.mjs --write');
  if (contentOf(SCHEMA) !== types || contentOf(CREATING) !== creating(document))
    throw new Error('clients/typescript is not what openapi.json says: node test/support/openapi-diff.mjs --write');
  uniqueOperations(document);
  await lint();
  await compile();
  process.stdout.write(
    `${Object.keys(JSON.parse(document).paths).length} paths, no drift, no lint errors, the client compiles\n`,
  );
} catch (error) {
  process.stderr.write(`${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
