import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import type { Config } from '../config/index.js';

type Trust = (address: string, hop: number) => boolean;

/** Fastify itself takes a number of hops for none, since whoever reaches it directly could claim as many: nobody may. */
export const trusted = (proxies: Config['TRUST_PROXY']): boolean | string[] | Trust =>
  typeof proxies === 'number' ? (_address, hop) => hop < proxies : proxies;

/** The address of whoever began a connection, as Fastify tells it of a request. */
export function peerOf(proxies: Config['TRUST_PROXY']): (request: IncomingMessage) => string {
  const trust = trusted(proxies);
  const believes: Trust = Array.isArray(trust)
    ? proxyAddr.compile(trust)
    : typeof trust === 'boolean'
      ? () => trust
      : trust;
  return (request) => proxyAddr(request, believes);
}
