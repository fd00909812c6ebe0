export class WatcherView {
  id: string;
  userId: string;
  /** Who asked for it: oneself, a colleague, or who mentioned them in a note. */
  addedBy: string;
  createdAt: Date;
}
