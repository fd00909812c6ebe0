import type { Page } from '../lists/index.js';
import type { ContextDefinition } from './context.js';

export class ModuleView {
  /** @example "responses" */
  name: string;
  /** @example "1.0.0" */
  version: string;
  description: string;
  /** Contexts that it calls. */
  dependencies: string[];
}

/** All of them: there is no second page. */
export function toModuleList(contexts: readonly ContextDefinition[]): Page<ModuleView> {
  const data = contexts.map(({ name, version, description, uses }) => ({
    name,
    version,
    description,
    dependencies: [...uses],
  }));
  const { length } = data;
  return {
    data,
    meta: { page: 1, limit: length, total: length, totalPages: 1, hasNext: false, hasPrev: false, nextCursor: null },
  };
}
