/**
 * The committed openapi.json is what the build says, lints without errors, and gives a client that compiles.
 * `--write` brings openapi.json and clients/typescript up to date.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const COMMITTED = join(ROOT, 'openapi.json');
const CLIENT = join(ROOT, 'clients/typescript/schema.d.ts');
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
  await run(bin('tsc'), [...options, join(ROOT, 'clients/typescript/index.ts')], { cwd: ROOT });
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
    mkdirSync(join(ROOT, 'clients/typescript'), { recursive: true });
    writeFileSync(COMMITTED, document);
    writeFileSync(CLIENT, types);
  }
  const committed = existsSync(COMMITTED) ? readFileSync(COMMITTED, 'utf8') : '';
  if (committed !== document)
    throw new Error('openapi.json is not what the build says: node test/support/openapi-diff.mjs --write');
  if (!existsSync(CLIENT) || readFileSync(CLIENT, 'utf8') !== types)
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
