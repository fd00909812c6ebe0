export type OutboundFault =
  | 'scheme'
  | 'credentials'
  | 'unknown_host'
  | 'private_address'
  | 'port'
  | 'unreachable'
  | 'too_slow'
  | 'too_large'
  | 'encoded';

/** Another server was not asked, or did not answer as it must. `where` holds no path and no query: they may be secrets. */
export class OutboundRefused extends Error {
  constructor(
    readonly fault: OutboundFault,
    where: string,
  ) {
    super(`A call to the outside was refused or failed (${fault}): ${where}`);
    this.name = 'OutboundRefused';
  }
}
