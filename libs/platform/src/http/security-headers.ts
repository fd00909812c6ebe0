import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';
import type { Config } from '../config/index.js';

type Headers = Record<string, string>;

const LOADS_NOTHING = "default-src 'none'; frame-ancestors 'none'";
/** What the pages of Swagger UI and of the queue board need: their own files, and what they write into the page. */
const OF_PAGES =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
const PAGES = /^\/(?:api-docs|queues)(?:[/?]|$)/;

/** What helmet says of pages, to old browsers above all: an answer that is no page has no use for it, and each has its price. */
const OF_PAGES_ALONE = [
  'Cross-Origin-Opener-Policy',
  'Origin-Agent-Cluster',
  'X-DNS-Prefetch-Control',
  'X-Download-Options',
  'X-Permitted-Cross-Domain-Policies',
  'X-XSS-Protection',
];

/** The headers of every answer, by its URL: helmet's, which never differ and so are asked for once, and the content policy. */
export function securityHeaders(config: Config): (url: string) => Headers {
  const page: Headers = {
    'Cache-Control': 'no-store',
    ...ofHelmet(config.NODE_ENV === 'production'),
    'Content-Security-Policy': OF_PAGES,
  };
  const api = Object.fromEntries(Object.entries(page).filter(([name]) => !OF_PAGES_ALONE.includes(name)));
  api['Content-Security-Policy'] = LOADS_NOTHING;
  return (url) => (PAGES.test(url) ? page : api);
}

function ofHelmet(strictTransportSecurity: boolean): Headers {
  const headers: Headers = {};
  const answer = {
    setHeader: (name: string, value: string) => (headers[name] = value),
    removeHeader: () => undefined,
  };
  helmet({ contentSecurityPolicy: false, strictTransportSecurity })(
    {} as IncomingMessage,
    answer as unknown as ServerResponse,
    () => undefined,
  );
  return headers;
}
