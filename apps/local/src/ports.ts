import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { claimHome, StackRunning, stackOwner } from './stack-lock.js';

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

/** Where a port is claimed, for every process of this user. */
const placeOf = (port: number): string => join(tmpdir(), `nexus-ports-${userInfo().uid}`, String(port));

/**
 * The preferred port, else the next free one above it, that is not in `except`; without a preference any free one. None that
 * another process has claimed, and this one's own only where it is preferred.
 */
export async function freePort(preferred?: number, except: readonly number[] = []): Promise<number> {
  for (let port = preferred ?? 0; preferred && port <= Math.min(preferred + 100, 65_535); port++) {
    const isOthers = ![undefined, process.pid].includes(stackOwner(placeOf(port)));
    if (!except.includes(port) && !isOthers && (await isFree(port))) return port;
  }
  for (let tries = 0; tries < TRIES; tries++) {
    const port = OWN.from + randomInt(OWN.count);
    const isClaimed = stackOwner(placeOf(port)) !== undefined;
    if (!except.includes(port) && !isClaimed && (await isFree(port))) return port;
  }
  throw new Error(`No port is free on ${LOOPBACK}`);
}

/**
 * One port for each preference, all different, and nobody's who starts at the same moment: between the choice of a port and
 * its server's listening it looks free to all. A claim is given back by `release`, and by the end of this process.
 */
export async function claimPorts(...preferred: number[]): Promise<{ ports: number[]; release: () => void }> {
  const claims: { port: number; release: () => void }[] = [];
  for (const port of preferred) claims.push(await claimPort(port));
  return { ports: claims.map(({ port }) => port), release: () => claims.forEach(({ release }) => release()) };
}

async function claimPort(preferred: number): Promise<{ port: number; release: () => void }> {
  for (const claimed: number[] = []; ;) {
    const port = await freePort(preferred, claimed);
    const release = claim(port);
    if (release) return { port, release };
    claimed.push(port);
  }
}

/** Undefined where another living process holds it. */
function claim(port: number): (() => void) | undefined {
  const folder = placeOf(port);
  mkdirSync(folder, { recursive: true });
  try {
    return claimHome(folder);
  } catch (error) {
    const isLost = error instanceof StackRunning || (error as NodeJS.ErrnoException).code === 'EEXIST';
    if (isLost) return undefined;
    throw error;
  }
}
