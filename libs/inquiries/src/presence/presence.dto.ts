import type { Presence } from '@app/platform';

class PresentView {
  /** @example "01920000-0001-7001-8000-000000000006" */
  userId: string;
  /** @example "Clara Officer" */
  name: string;
  /** @example "typing" */
  state: 'viewing' | 'typing';
  /**
   * When they began with it.
   * @example "2026-11-02T09:00:00.000Z"
   */
  since: string;
}

export class PresenceView implements Presence {
  people: PresentView[];
  writer: PresentView | null;
}
