import { currentFieldRights, type TimelineEntry, type TimelineQuotes, type TimelineSource } from '@app/platform';

/**
 * Of what these sources tell, what whoever reads may be told: entries whose title quotes a hidden field go, details lose
 * theirs.
 */
export function shownEntries(sources: readonly TimelineSource[], entries: readonly TimelineEntry[]): TimelineEntry[] {
  const rights = currentFieldRights();
  if (!rights) return [...entries];
  const quotes = sources.flatMap(({ quotes: own = [], kinds: all }) => own.map((quote) => ({ kinds: all, ...quote })));
  const isHidden = ({ record }: TimelineQuotes, field: string): boolean => rights.hiddenOf(record).has(field);
  return entries.flatMap((entry) => {
    const about = quotes.filter(({ kinds }) => kinds.includes(entry.kind));
    if (about.some((quote) => quote.title?.some((field) => isHidden(quote, field)))) return [];
    const hidden = about.flatMap((quote) =>
      Object.entries(quote.details ?? {})
        .filter(([, field]) => isHidden(quote, field))
        .map(([key]) => key),
    );
    if (hidden.length === 0) return [entry];
    const details = Object.fromEntries(Object.entries(entry.details).filter(([key]) => !hidden.includes(key)));
    return [{ ...entry, details }];
  });
}
