import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

type Loaded = { exports: unknown };
type Wrapper = (exports: unknown, require: unknown, module: Loaded, filename: string, dirname: string) => void;

/**
 * Runs the bundle of this name, which lies beside this file. What V8 has to compile of it is a third of the time until a
 * process is ready: it is read from where the build kept it (`--keep-compiled`), unless another V8 or other flags made it
 * (docs/decisions/0016).
 */
export function launch(name: string): void {
  const scripts = process.argv.includes('--keep-compiled') ? new Map<string, Script>() : undefined;
  if (scripts) process.once('exit', () => keepCompiled(scripts));
  new Bundle(import.meta.dirname, scripts).load(`./${name}.cjs`);
}

/** CommonJS, since only a script can be told what was compiled of it before. */
class Bundle {
  private readonly modules = new Map<string, Loaded>();

  constructor(
    private readonly folder: string,
    private readonly scripts: Map<string, Script> | undefined,
  ) {}

  load(id: string): unknown {
    const path = join(this.folder, id);
    const known = this.modules.get(path);
    if (known) return known.exports;
    const script = new Script(`(function (exports, require, module, __filename, __dirname) {${read(path)}\n})`, {
      filename: path,
      cachedData: compiled(path),
    });
    this.scripts?.set(path, script);
    const module: Loaded = { exports: {} };
    this.modules.set(path, module);
    const run = script.runInThisContext() as Wrapper;
    run(module.exports, this.requireFrom(path), module, path, dirname(path));
    return module.exports;
  }

  /** Chunks are parts of the bundle; everything else is Node's to find. */
  private requireFrom(path: string): (id: string) => unknown {
    const require = createRequire(path);
    return Object.assign((id: string) => (id.startsWith('./') ? this.load(id) : (require(id) as unknown)), require);
  }
}

/** Functions that were called included. Written aside, so that nobody reads half of it. */
function keepCompiled(scripts: ReadonlyMap<string, Script>): void {
  for (const [path, script] of scripts) {
    const kept = compiledOf(path);
    writeFileSync(`${kept}.new`, script.createCachedData());
    renameSync(`${kept}.new`, kept);
  }
}

/** Written in ASCII (rolldown.config.js): nothing is to be decoded. */
const read = (path: string): string => readFileSync(path, 'latin1');

/** Of this V8, with these flags, on such a processor: of another one V8 would take none. */
const compiledOf = (path: string): string => `${path}.${cachedDataVersionTag().toString(16)}`;

function compiled(path: string): Buffer | undefined {
  try {
    return readFileSync(compiledOf(path));
  } catch {
    return undefined;
  }
}
