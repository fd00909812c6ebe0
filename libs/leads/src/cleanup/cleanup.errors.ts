import { Conflict } from '@app/kernel';

export class CleanupUndone extends Conflict {
  constructor(id: string) {
    super('cleanup_undone', 'The cleanup was taken back already', { id });
  }
}
