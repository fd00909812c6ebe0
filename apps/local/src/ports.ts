import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** The port that was listened on (`0` asks the system for one), or undefined when it is taken. */
function tryPort(port: number, host?: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ port, host, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}

/** macOS lets 127.0.0.1 be bound beside somebody's wildcard listener, so both are tried. */
const isFree = async (port: number): Promise<boolean> =>
  (await tryPort(port)) !== undefined && (await tryPort(port, LOOPBACK)) !== undefined;

/** The preferred port, else the next free one above it, that is not in `except`; without a preference any free one. */
export async function freePort(preferred?: number, except: readonly number[] = []): Promise<number> {
  for (let port = preferred ?? 0; preferred && port <= Math.min(preferred + 100, 65_535); port++) {
    if (!except.includes(port) && (await isFree(port))) return port;
  }
  const port = await tryPort(0, LOOPBACK);
  if (port === undefined) throw new Error(`No port is free on ${LOOPBACK}`);
  return port;
}

/** One port for each preference, all different, though nothing listens on them yet. */
export async function freePorts(...preferred: number[]): Promise<number[]> {
  const chosen: number[] = [];
  for (const port of preferred) chosen.push(await freePort(port, chosen));
  return chosen;
}
