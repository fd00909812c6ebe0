import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type BlockList, isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/index.js';
import { contains, isPublicAddress, networksOf } from './addresses.js';
import { exchange, type Exchanged, type OutboundRequest } from './exchange.js';
import { OutboundRefused } from './outbound-refused.js';

export type OutboundLimits = {
  /** For everything: the name, the connection, the request, the answer. */
  readonly milliseconds: number;
  /** Of the answer's body. */
  readonly bytes: number;
};

const LIMITS: OutboundLimits = { milliseconds: 10_000, bytes: 1024 * 1024 };

/**
 * The one way to ask another server over HTTP. The address comes from outside, so it is distrusted: every address that its
 * name resolves to must be public, and the connection goes to one that was checked, whatever the name says a moment later.
 * Over https to port 443; what stands in OUTBOUND_PRIVATE_NETWORKS may also be reached over http, and on any port.
 * Redirects are answers like others and never followed. Time and size have an end.
 */
@Injectable()
export class Outbound {
  private readonly privateNetworks: BlockList;

  constructor(config: Config) {
    this.privateNetworks = networksOf(config.OUTBOUND_PRIVATE_NETWORKS);
  }

  /** @throws OutboundRefused: where it may not go, or what came back too slowly, too large or not at all */
  async fetch(
    address: string | URL,
    request: OutboundRequest = {},
    limits: Partial<OutboundLimits> = {},
  ): Promise<Response> {
    const url = new URL(address);
    const { milliseconds, bytes } = { ...LIMITS, ...limits };
    const deadline = AbortSignal.timeout(milliseconds);
    const found = await before(deadline, this.resolve(url), url.host);
    const { status, headers, body } = await exchange(url, found, request, { deadline, bytes });
    return new Response(hasBody(status) ? new Uint8Array(body) : null, { status, headers });
  }

  /** The addresses of its host, all of them checked. The URL has been parsed: `2130706433` and `0x7f.1` are 127.0.0.1 by now. */
  private async resolve({ protocol, hostname, port, username, password }: URL): Promise<LookupAddress[]> {
    if (protocol !== 'https:' && protocol !== 'http:') throw new OutboundRefused('scheme', protocol);
    if (username || password) throw new OutboundRefused('credentials', hostname);
    const host = hostname.replace(/^\[|\]$/g, '');
    const { found, isPrivate } = await this.judge(host);
    if (!isPrivate && (protocol !== 'https:' || port !== ''))
      throw new OutboundRefused('port', `${protocol}//${host}:${port}`);
    return found;
  }

  /**
   * For protocols other than HTTP: an address of this host, checked, to connect to under the host's name.
   * @throws OutboundRefused `unknown_host`, `private_address`, `too_slow`
   */
  async addressOf(host: string, milliseconds = LIMITS.milliseconds): Promise<string> {
    const { found } = await before(AbortSignal.timeout(milliseconds), this.judge(host), host);
    return found[0]?.address ?? host;
  }

  private async judge(host: string): Promise<{ found: LookupAddress[]; isPrivate: boolean }> {
    const family = isIP(host);
    const found = family ? [{ address: host, family }] : await lookup(host, { all: true }).catch(() => []);
    if (!found.length) throw new OutboundRefused('unknown_host', host);
    if (found.every((one) => contains(this.privateNetworks, one.address))) return { found, isPrivate: true };
    if (!found.every((one) => isPublicAddress(one.address))) throw new OutboundRefused('private_address', host);
    return { found, isPrivate: false };
  }
}

/** A resolver can be slow as well. */
function before<T>(deadline: AbortSignal, work: Promise<T>, host: string): Promise<T> {
  return new Promise((resolve, reject) => {
    deadline.addEventListener('abort', () => reject(new OutboundRefused('too_slow', host)), { once: true });
    work.then(resolve, reject);
  });
}

const hasBody = (status: Exchanged['status']): boolean => status !== 204 && status !== 205 && status !== 304;
