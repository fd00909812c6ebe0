import type { Config, LoadedContexts } from '@app/platform';

export async function seedAdmin(config: Config, contexts: LoadedContexts): Promise<string[]> {
  void config;
  void contexts;
  return [];
}
