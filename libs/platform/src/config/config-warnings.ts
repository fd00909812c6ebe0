import { isSecret } from './read-variables.js';
import { variableNames } from './config.schema.js';

/** What is worth a line in the log at start, by variable name: likely misspellings, a proxy trusted blindly, and a server that takes itself for localhost. */
export function configWarnings(env: NodeJS.ProcessEnv = process.env): string[] {
  const known = new Set(variableNames.flatMap((name) => (isSecret(name) ? [name, `${name}_FILE`] : [name])));
  const unknown = Object.keys(env).filter((name) => !known.has(name));
  const misspelt = unknown.flatMap((name) => {
    const meant = [...known].find((candidate) => isNearMiss(name, candidate));
    return meant ? [`${name} is not read; is ${meant} meant?`] : [];
  });
  return env.NODE_ENV === 'production' ? [...misspelt, ...inProduction(env)] : misspelt;
}

function inProduction({ TRUST_PROXY, PUBLIC_URL }: NodeJS.ProcessEnv): string[] {
  const warnings: string[] = [];
  if (TRUST_PROXY === 'true')
    warnings.push('TRUST_PROXY=true believes every X-Forwarded-For; name the hops or the proxies');
  if (!PUBLIC_URL || isLocal(PUBLIC_URL))
    warnings.push(
      `PUBLIC_URL is ${PUBLIC_URL || 'not set'}; single sign-on and passkeys work for browsers on this machine alone`,
    );
  return warnings;
}

/** What browsers elsewhere take for themselves (RFC 6761, 6.3); what is no URL is refused by the schema. */
const isLocal = (url: string): boolean =>
  URL.canParse(url) && /^(?:127(?:\.\d+){3}|\[::1\]|(?:.+\.)?localhost)$/.test(new URL(url).hostname);

/** Short names are skipped: PORT is two letters from HOST, which is somebody else's. */
function isNearMiss(name: string, known: string): boolean {
  if (known.length < 7 || Math.abs(name.length - known.length) > 2) return false;
  return distance(name.toUpperCase(), known) <= (known.length < 10 ? 1 : 2);
}

/** Edits between two words, a swap of neighbours being one (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const swap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1),
        swap ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
}
