import { Resolver } from 'node:dns/promises';
import { Unavailable } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/index.js';

/** There is no such name, or no text under it (RFC 1035, 4.1.1). */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA']);
const PATIENCE = { timeout: 2000, tries: 2 };

/** Nobody says whether there is something: that is no word against it. */
export class NamesUnavailable extends Unavailable {
  constructor() {
    super('dns_unavailable', 'No DNS server answers about this name at the moment', { retryAfterSeconds: 30 });
  }
}

/** What the owner of a name says about it in the DNS: the servers of DNS_SERVERS are asked, the system's unless given. */
@Injectable()
export class TextRecords {
  constructor(private readonly config: Config) {}

  /** Each TXT record of the name, its pieces put together; none where there is no such name. @throws NamesUnavailable */
  async of(name: string): Promise<string[]> {
    const resolver = new Resolver(PATIENCE);
    if (this.config.DNS_SERVERS.length) resolver.setServers(this.config.DNS_SERVERS);
    const records = await resolver.resolveTxt(name).catch((error: NodeJS.ErrnoException) => {
      if (NOTHING.has(error.code ?? '')) return [];
      throw new NamesUnavailable();
    });
    return records.map((pieces) => pieces.join(''));
  }
}
