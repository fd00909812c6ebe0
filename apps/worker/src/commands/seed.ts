import type { Config, LoadedContexts } from '@app/platform';

export async function seed(config: Config, contexts: LoadedContexts): Promise<string[]> {
  void config;
  void contexts;
  return [];
}
