type Run<T> = { readonly done: Promise<T>; next: Promise<T> | undefined };

/**
 * Equal reads that are asked for while one is under way share the next one. Each begins after it was asked for, so nobody
 * misses what was written before; and however many ask, PostgreSQL does the work once at a time.
 */
export class SharedReads<T> {
  private readonly running = new Map<string, Run<T>>();

  read(key: string, ask: () => Promise<T>): Promise<T> {
    const current = this.running.get(key);
    if (!current) return this.begin(key, ask);
    const begin = (): Promise<T> => this.begin(key, ask);
    return (current.next ??= current.done.then(begin, begin));
  }

  private begin(key: string, ask: () => Promise<T>): Promise<T> {
    const run: Run<T> = { done: ask(), next: undefined };
    this.running.set(key, run);
    const end = (): void => {
      if (this.running.get(key) === run && !run.next) this.running.delete(key);
    };
    run.done.then(end, end);
    return run.done;
  }
}
