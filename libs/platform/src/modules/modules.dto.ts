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

export class ModuleListMeta {
  page: number;
  limit: number;
  total: number;
  totalPages: number;
  hasNext: boolean;
  hasPrev: boolean;
}

export class ModuleListView {
  data: ModuleView[];
  meta: ModuleListMeta;
}

export function toModuleList(contexts: readonly ContextDefinition[]): ModuleListView {
  const data = contexts.map(({ name, version, description, uses }) => ({ name, version, description, dependencies: [...uses] }));
  const meta = { page: 1, limit: data.length, total: data.length, totalPages: 1, hasNext: false, hasPrev: false };
  return { data, meta };
}
