import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { freePort } from './ports.js';
import { isAlive } from './processes.js';
import { Service } from './service.js';

const SERVER = `
import { createServer } from 'node:http';
console.log('listening as ' + process.pid);
createServer((request, response) => response.end()).listen(process.env.PORT);
`;

describe('a service of the stack', () => {
  let folder: string;
  let port: number;
  let told: string[];
  let service: Service;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nexus-service-'));
    port = await freePort();
    told = [];
  });
  afterEach(() => service.stop());

  const aService = (code: string): Service => {
    writeFileSync(join(folder, 'main.mjs'), code);
    return new Service({
      name: 'api',
      args: [join(folder, 'main.mjs')],
      cwd: folder,
      env: { ...process.env, PORT: String(port) },
      readyUrl: `http://127.0.0.1:${port}/health/ready`,
      log: join(folder, 'logs', 'api.out'),
      tell: (part, line) => told.push(`${part} ${line}`),
      readyTimeoutMs: 5_000,
    });
  };
  const until = (condition: () => boolean): Promise<unknown> => vi.waitUntil(condition, { timeout: 5_000 });
  const killAndAwaitSuccessor = async (): Promise<void> => {
    const { pid } = service;
    process.kill(pid as number, 'SIGKILL');
    await until(() => service.pid !== pid);
  };

  it('has started once it is ready, and is gone once it has stopped', async () => {
    service = aService(SERVER);
    await service.start();
    const { pid } = service;
    expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(200);
    await service.stop();
    expect(isAlive(pid as number)).toBe(false);
    expect(told).toEqual([]);
  });

  it('does not start with code that dies, and says its last words', async () => {
    service = aService(`console.error('JWT_SECRET is missing'); process.exit(3)`);
    await expect(service.start()).rejects.toThrow(/ended with code 3.*\n.*JWT_SECRET is missing/);
  });

  it('is started again when it dies', async () => {
    service = aService(SERVER);
    await service.start();
    await killAndAwaitSuccessor();
    await until(() => told.includes('api is back'));
    expect(told).toEqual(['api was ended by SIGKILL unexpectedly, starting it again (1 of 5)', 'api is back']);
  });

  it('is given up when it dies a sixth time in a minute', async () => {
    service = aService(SERVER);
    await service.start();
    for (let death = 1; death <= 5; death++) await killAndAwaitSuccessor();
    process.kill(service.pid as number, 'SIGKILL');
    await expect(service.failed).rejects.toThrow('for the 6th time in a minute');
  });

  it('leaves what it printed in its log', async () => {
    service = aService(SERVER);
    await service.start();
    const { pid } = service;
    await service.stop();
    await until(() => readFileSync(join(folder, 'logs', 'api.out'), 'utf8').includes(`listening as ${pid}`));
  });
});

describe('a launched process', () => {
  it('does not outlive a runner that is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nexus-leash-'));
    const source = readFileSync(join(import.meta.dirname, 'processes.ts'), 'utf8');
    const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
    writeFileSync(join(folder, 'processes.mjs'), transpileModule(source, { compilerOptions }).outputText);
    const launch = `Launched.start('/bin/sleep', ['60'], { stdio: 'ignore', lastSignal: 'SIGTERM' })`;
    const code = `import { Launched } from './processes.mjs'; console.log((await ${launch}).pid); setInterval(() => 0, 1000);`;
    writeFileSync(join(folder, 'runner.mjs'), code);

    const runner = spawn(process.execPath, [join(folder, 'runner.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = (await once(runner.stdout, 'data')).map(Number);
    expect(isAlive(pid as number)).toBe(true);
    runner.kill('SIGKILL');
    await vi.waitUntil(() => !isAlive(pid as number), { timeout: 5_000 });
  });
});
