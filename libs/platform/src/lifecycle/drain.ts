import { Injectable, Logger } from '@nestjs/common';

/**
 * What happens when, while a process stops. `intake`: take nothing new (pause queues, disconnect sockets); then HTTP
 * stops accepting and finishes what it has. `work`: finish what was taken (close queues). Then Nest's own shutdown hooks.
 * `connections`: close what Nest does not.
 */
export type DrainStage = 'intake' | 'work' | 'connections';

type Step = { stage: DrainStage; name: string; run: () => Promise<unknown> };

/** The way out of a process: who needs time to stop well registers a step here. */
@Injectable()
export class Drain {
  private readonly logger = new Logger(Drain.name);
  private readonly steps: Step[] = [];
  private readonly followers: (() => void)[] = [];
  private begun = false;

  /** True from the first signal on: not ready, though what still arrives is served. */
  get draining(): boolean {
    return this.begun;
  }

  /** Steps of a stage run one after another, in the order of their registration. */
  onDrain(stage: DrainStage, name: string, run: () => Promise<unknown>): void {
    this.steps.push({ stage, name, run });
  }

  begin(): void {
    this.begun = true;
    for (const follow of this.followers) follow();
  }

  /** Called on the first signal, before anything waits. */
  onBegin(follow: () => void): void {
    this.followers.push(follow);
  }

  /** Runs each step of a stage, whatever became of the one before; false when one failed. */
  async run(stage: DrainStage): Promise<boolean> {
    let allWell = true;
    for (const step of this.steps.filter((candidate) => candidate.stage === stage)) {
      try {
        await step.run();
      } catch (error) {
        allWell = false;
        this.logger.error(`Drain step ${step.name} failed`, error);
      }
    }
    return allWell;
  }
}
