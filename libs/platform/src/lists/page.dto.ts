/** Where a page stands in its list. */
export class PageMeta {
  /**
   * Null in cursor mode.
   * @example 1
   */
  page: number | null;
  /** @example 20 */
  limit: number;
  /**
   * Null when it was not counted.
   * @example 57
   */
  total: number | null;
  /** @example 3 */
  totalPages: number | null;
  hasNext: boolean;
  hasPrev: boolean;
  /** For `cursor`; null on the last page. */
  nextCursor: string | null;
  /** There are more rows than `total`. */
  totalIsCapped?: true;
  /** `total` is the planner's guess. */
  totalIsEstimate?: true;
}
