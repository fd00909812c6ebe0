import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const all = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1]!)),
];

const dockerfile = read('docker/Dockerfile');
const compose = read('docker/compose.yaml');
const nginx = read('docker/nginx.conf');
const ignored = read('.dockerignore').split('\n');

describe('The image', () => {
  it('installs with the pnpm that package.json names', () => {
    const { packageManager } = JSON.parse(read('package.json')) as { packageManager: string };
    expect(`pnpm@${/PNPM_VERSION=(\S+)/.exec(dockerfile)?.[1]}`).toBe(packageManager);
  });

  it('runs as a user without rights', () => {
    expect(dockerfile.lastIndexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('FROM '));
  });

  it('is built from files that .dockerignore lets through', () => {
    const copied = all(dockerfile, /^COPY (?!--from)(.+) \S+$/gm).flatMap((line) => line.split(' '));
    expect(copied.length).toBeGreaterThan(0);
    expect(copied.filter((path) => !ignored.includes(`!${path}`))).toEqual([]);
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('carries no environment file', () => {
    const lastAllowed = Math.max(...ignored.map((line, at) => (line.startsWith('!') ? at : -1)));
    expect(ignored.indexOf('**/.env*')).toBeGreaterThan(lastAllowed);
  });

  it('starts only what the build makes', () => {
    const inputs = read('rolldown.config.js').matchAll(/^ {2}(\w+): 'dist\/(.+)\.js',$/gm);
    const made = new Map([...inputs].map(([, name, source]) => [name, source]));
    const started = all(dockerfile + compose, /dist\/([\w/-]+)\.js/g);
    expect(started).toEqual(expect.arrayContaining(['api', 'worker', 'cli']));
    expect(started.filter((name) => !existsSync(join(root, `${made.get(name)}.ts`)))).toEqual([]);
  });
});

describe('Compose', () => {
  it('asks only for what .env.example tells of', () => {
    const told = all(read('docker/.env.example'), /^([A-Z_]+)=/gm);
    const asked = all(compose, /\$\{([A-Z_]+)/g);
    expect(asked.filter((name) => !told.includes(name))).toEqual(['NEXUS_TAG']);
  });

  it('has no secret of its own', () => {
    const secrets = all(compose, /^ +((?:\w+_)?(?:PASSWORD|SECRET|TOKEN|KEY): .*)$/gm);
    expect(secrets.length).toBeGreaterThan(3);
    expect(secrets.filter((line) => !/: '?\$\{[A-Z_]+:[?-]\}'?$/.test(line))).toEqual([]);
  });

  it('gives Nexus settings that it knows', () => {
    const known = all(read('libs/platform/src/config/config.schema.ts'), /^ {2}([A-Z_]+):/gm);
    const [, environment = ''] = /x-environment: &environment\n([\s\S]*?)\nx-migrating/.exec(compose) ?? [];
    const given = all(environment, /^ {2}([A-Z_]+):/gm);
    expect(given).toContain('DATABASE_URL');
    expect(given.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('keeps the superuser to the service that makes the roles', () => {
    expect(compose.match(/DATABASE_SUPERUSER_URL/g)).toHaveLength(1);
  });

  it('mounts files that exist', () => {
    const mounted = all(compose, /['" ]\.\/([\w./-]+):\//g);
    expect(mounted).toContain('nginx.conf');
    expect(mounted.filter((path) => !existsSync(join(root, 'docker', path)))).toEqual([]);
  });
});

describe('nginx', () => {
  it('replaces the address that a caller claims', () => {
    expect(nginx).toContain('proxy_set_header X-Forwarded-For $remote_addr;');
    expect(nginx).not.toContain('$proxy_add_x_forwarded_for');
  });

  it('takes bodies as large as an upload may be', () => {
    expect(nginx).toContain('client_max_body_size 25m;');
  });
});

describe('The dashboards', () => {
  const dashboards = readdirSync(join(root, 'docker/grafana/dashboards'));

  it.each(dashboards)('%s reads the provisioned data source, each panel under an id of its own', (file) => {
    const { panels } = JSON.parse(read(`docker/grafana/dashboards/${file}`)) as {
      panels: { id: number; targets: { expr: string; datasource: { uid: string } }[] }[];
    };
    const targets = panels.flatMap((panel) => panel.targets);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(targets.map(({ datasource }) => datasource.uid))).toEqual(new Set(['prometheus']));
    expect(read('docker/grafana/provisioning/datasources/prometheus.yml')).toContain('uid: prometheus');
  });
});
