import type { DomainEvent } from './domain-event.js';

/**
 * The row is the domain object. Its columns are readonly: only its own verbs change them, and raise the events that
 * tell of it. Time and randomness come in as arguments.
 */
export abstract class Aggregate<Self = unknown> {
  readonly #raised: DomainEvent[] = [];

  protected change(to: Partial<Self>): this {
    return Object.assign(this, to);
  }

  protected raise(event: DomainEvent): void {
    this.#raised.push(event);
  }

  /** Hands over the events raised since the last call, and forgets them. */
  releaseEvents(): DomainEvent[] {
    return this.#raised.splice(0);
  }
}
