/** A column under the name that the API gives it: `status_reason` is `statusReason`. */
export const wireName = (column: string): string =>
  column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
