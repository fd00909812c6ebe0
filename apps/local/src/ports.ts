import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';
/** Below what systems hand out to whoever connects: a server that is down for a moment finds its port as it left it. */
const OWN = { from: 20_000, count: 12_000 };
const TRIES = 100;

/** Whether it could be listened on. */
function canListen(port: number, host?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** macOS lets 127.0.0.1 be bound beside somebody's wildcard listener, so both are tried. */
const isFree = async (port: number): Promise<boolean> => (await canListen(port)) && (await canListen(port, LOOPBACK));

/** The preferred port, else the next free one above it, that is not in `except`; without a preference any free one. */
export async function freePort(preferred?: number, except: readonly number[] = []): Promise<number> {
  for (let port = preferred ?? 0; preferred && port <= Math.min(preferred + 100, 65_535); port++) {
    if (!except.includes(port) && (await isFree(port))) return port;
  }
  for (let tries = 0; tries < TRIES; tries++) {
    const port = OWN.from + randomInt(OWN.count);
    if (!except.includes(port) && (await isFree(port))) return port;
  }
  throw new Error(`No port is free on ${LOOPBACK}`);
}

/** One port for each preference, all different, though nothing listens on them yet. */
export async function freePorts(...preferred: number[]): Promise<number[]> {
  const chosen: number[] = [];
  for (const port of preferred) chosen.push(await freePort(port, chosen));
  return chosen;
}
