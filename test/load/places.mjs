import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export const inCheckout = (...path) => join(CHECKOUT, ...path);

/** A compiled module of the product. */
export const built = (path) => import(pathToFileURL(inCheckout('dist', path)).href);

export const say = (part, line) => process.stdout.write(`${part.padEnd(10)} ${line}\n`);

export const secondsSince = (began) => ((performance.now() - began) / 1000).toFixed(1);
