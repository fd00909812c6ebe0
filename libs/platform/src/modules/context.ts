import type { Permission } from '@app/kernel';
import type { Type } from '@nestjs/common';
import type { MigrationClass } from '../database/migrator.js';

export type ContextDefinition = {
  /** As in its folder, its URL, its permissions, events and tables. */
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The contexts whose front doors it calls. */
  readonly uses: readonly string[];
  readonly api?: Type;
  readonly worker?: Type;
  readonly entities: readonly (new () => object)[];
  readonly migrations: readonly MigrationClass[];
  readonly permissions: readonly Readonly<Record<string, Permission>>[];
  /** Tables (`sessions`) and columns (`users.password_hash`) that leave the house in no export: what opens something. */
  readonly keptBack?: readonly string[];
};

/** How a context declares itself, once, in its front door. */
export const defineContext = (definition: ContextDefinition): ContextDefinition => Object.freeze(definition);

/** The contexts of this deployment, in dependency order. Injected where somebody asks what is loaded. */
export class LoadedContexts {
  constructor(readonly all: readonly ContextDefinition[]) {}
}

/** A deployment that names what does not exist, or leaves out what it uses. */
export class ContextsUnresolved extends Error {}

/**
 * What `CONTEXTS` asks for with everything it uses, dependencies first; all of them when it asks for nothing.
 * @throws ContextsUnresolved for an unknown name, a missing dependency or a cycle
 */
export function resolveContexts(known: readonly ContextDefinition[], wanted: readonly string[]): LoadedContexts {
  const byName = new Map(known.map((context) => [context.name, context]));
  const resolved: ContextDefinition[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    const context = byName.get(name);
    if (!context) {
      const needed = path.length ? ` that ${path.at(-1)} uses` : '';
      throw new ContextsUnresolved(`There is no context ${name}${needed}. Known: ${[...byName.keys()].join(', ')}`);
    }
    if (path.includes(name)) throw new ContextsUnresolved(`Contexts in a circle: ${[...path, name].join(' → ')}`);
    if (resolved.includes(context)) return;
    for (const used of context.uses) visit(used, [...path, name]);
    resolved.push(context);
  };
  for (const name of wanted.length ? wanted : byName.keys()) visit(name, []);
  return new LoadedContexts(resolved);
}
