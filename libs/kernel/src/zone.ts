/** Whether this is a name of the IANA time zone database as it is written there, and no mere offset, which knows no summer. */
export function isZone(name: string): boolean {
  try {
    return /^[A-Z]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
