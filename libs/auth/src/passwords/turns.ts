import { Unavailable } from '@app/kernel';

export class TooManyWaiting extends Unavailable {
  constructor() {
    super('login_busy', 'Too many logins at this moment; try again', { retryAfterSeconds: 2 });
  }
}

/** Lets so many work at once and so many wait; whoever comes after that is sent away at once. */
export class Turns {
  private working = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
  ) {}

  /** @throws TooManyWaiting */
  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.working < this.atOnce) {
      this.working++;
      return;
    }
    if (this.waiting.length >= this.mostWaiting) throw new TooManyWaiting();
    await new Promise<void>((resolve) => this.waiting.push(resolve)); // the one who leaves hands its place over
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.working--;
  }
}
