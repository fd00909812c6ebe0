export class DeadLetterView {
  /**
   * The event or job, and the listener that gave up on it.
   * @example "01920000-0001-7006-8000-000000000001.responses.send"
   */
  id: string;
  /**
   * What was to be done.
   * @example "responses.send"
   */
  type: string;
  /**
   * Who was to do it.
   * @example "responses.send"
   */
  listener: string;
  /** Crashes among them. */
  attempts: number;
  lastError: string | null;
  /** When it happened, or was asked for. */
  occurredAt: Date;
  /** When the last attempt failed. */
  diedAt: Date;
}
