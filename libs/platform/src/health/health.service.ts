import { Injectable, Logger, ServiceUnavailableException } from '@nestjs/common';
import {
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { Drain } from '../lifecycle/index.js';
import { type HealthProbe, HealthProbes, type ProbeResult } from './health-probe.js';

const ANSWER_WITHIN = 2_000;
// Anybody may ask, as often as they like: the answer is remembered for so long, and asked for once at a time.
const REMEMBERED = 1_000;

export type Health = { isServing: boolean; report: HealthCheckResult };
type Answer = { result: Promise<ProbeResult>; until: number };

/** Terminus over the registered probes and the drain. */
@Injectable()
export class HealthService {
  private readonly logger = new Logger(HealthService.name);
  private readonly answers = new Map<string, Answer>();

  constructor(
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly probes: HealthProbes,
    private readonly drain: Drain,
  ) {}

  /** The process runs and its event loop turns: nothing else is asked. */
  live(): Promise<Health> {
    return this.report([]);
  }

  /** Every probe, and whether the process is stopping. */
  overall(): Promise<Health> {
    const asked = this.probes.all.map((probe) => () => this.indicate(probe));
    return this.report([() => Promise.resolve(this.accepting()), ...asked]);
  }

  private accepting(): HealthIndicatorResult {
    const session = this.indicators.check('accepting');
    return this.drain.draining ? session.down('The process is stopping') : session.up();
  }

  private async indicate(probe: HealthProbe): Promise<HealthIndicatorResult> {
    const { status, detail } = await this.answerOf(probe);
    const session = this.indicators.check(probe.name);
    if (status === 'down')
      return probe.critical ? session.down(detail) : session.degraded({ ...detail, reachable: false });
    return status === 'degraded' ? session.degraded(detail) : session.up(detail);
  }

  private answerOf(probe: HealthProbe): Promise<ProbeResult> {
    const before = this.answers.get(probe.name);
    if (before && before.until > performance.now()) return before.result;
    const answer: Answer = { result: this.ask(probe), until: Number.POSITIVE_INFINITY };
    this.answers.set(probe.name, answer);
    void answer.result.then(() => (answer.until = performance.now() + REMEMBERED));
    return answer.result;
  }

  private async ask(probe: HealthProbe): Promise<ProbeResult> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${ANSWER_WITHIN} ms`)), ANSWER_WITHIN);
    });
    try {
      return await Promise.race([probe.check(), late]);
    } catch (error) {
      this.logger.warn(`Health probe ${probe.name} failed`, error);
      return { status: 'down' };
    } finally {
      clearTimeout(timer);
    }
  }

  private async report(checks: Parameters<HealthCheckService['check']>[0]): Promise<Health> {
    try {
      return { isServing: true, report: await this.terminus.check(checks) };
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      return { isServing: false, report: error.getResponse() as HealthCheckResult };
    }
  }
}
