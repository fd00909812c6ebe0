import { Conflict } from './domain-error.js';

/** A transition the state machine does not list. */
export class InvalidTransition extends Conflict {
  constructor(subject: string, from: string, to: string, allowed: readonly string[]) {
    super('invalid_transition', `A ${subject} that is ${from} cannot become ${to}`, { subject, from, to, allowed });
  }
}

export type Transitions<S extends string> = Readonly<Record<S, readonly NoInfer<S>[]>>;

/** A state machine as data: checked when it is declared, asked by the verbs, printed into the docs. */
export class StateMachine<S extends string> {
  constructor(
    readonly subject: string,
    readonly initial: S,
    readonly transitions: Transitions<S>,
  ) {
    const states = new Set(this.states);
    const reached = new Set<S>([initial]);
    for (const state of reached) for (const next of transitions[state]) reached.add(next);
    for (const [from, targets] of Object.entries(transitions) as [S, readonly S[]][]) {
      const unknown = targets.find((target) => !states.has(target));
      if (unknown) throw new Error(`${subject}: ${from} leads to the unknown state ${unknown}`);
      if (!reached.has(from)) throw new Error(`${subject}: no way leads to ${from}`);
    }
    machines.set(subject, this);
  }

  get states(): S[] {
    return Object.keys(this.transitions) as S[];
  }

  allows(from: S, to: S): boolean {
    return this.transitions[from].includes(to);
  }

  /** @throws InvalidTransition naming what is allowed instead */
  assert(from: S, to: S): void {
    if (!this.allows(from, to)) throw new InvalidTransition(this.subject, from, to, this.transitions[from]);
  }

  /** As a Mermaid state diagram, for READMEs and Swagger. */
  toMermaid(): string {
    const arrows = this.states.flatMap((from) => this.transitions[from].map((to) => `  ${from} --> ${to}`));
    return ['stateDiagram-v2', `  [*] --> ${this.initial}`, ...arrows].join('\n');
  }
}

const machines = new Map<string, StateMachine<string>>();
export const declaredStateMachines = (): ReadonlyMap<string, StateMachine<string>> => machines;
