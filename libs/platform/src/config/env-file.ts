import { existsSync } from 'node:fs';

/** Adds the variables of a `.env` file to the environment. What the environment already has wins. */
export function useEnvFile(path = '.env'): void {
  if (existsSync(path)) process.loadEnvFile(path);
}
