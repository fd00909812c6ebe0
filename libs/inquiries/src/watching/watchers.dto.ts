export class WatcherView {
  id: string;
  /** Which they began to watch: this one, or one that was merged into it. */
  inquiryId: string;
  userId: string;
  /** Who asked for it: oneself, a colleague, or who mentioned them in a note. */
  addedBy: string;
  createdAt: Date;
}
