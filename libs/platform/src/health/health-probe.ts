import { Injectable } from '@nestjs/common';

export type ProbeResult = { status: 'up' | 'degraded' | 'down'; detail?: Record<string, unknown> | undefined };

/** Something that the process needs. While a critical one is down the process is not ready; any other only degrades it. */
export type HealthProbe = {
  readonly name: string;
  readonly critical: boolean;
  /** What it tells in `detail` is public: no hosts, no statements, no driver's messages. */
  check(): Promise<ProbeResult>;
};

/** Where modules name what they need, in `onModuleInit`. */
@Injectable()
export class HealthProbes {
  private readonly probes = new Map<string, HealthProbe>();

  register(probe: HealthProbe): void {
    if (this.probes.has(probe.name)) throw new Error(`Health probe ${probe.name} is registered twice`);
    this.probes.set(probe.name, probe);
  }

  get all(): readonly HealthProbe[] {
    return [...this.probes.values()];
  }
}
