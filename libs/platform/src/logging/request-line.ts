import { randomUUID } from 'node:crypto';

export type RequestFacts = {
  method: string;
  /** The route's template, such as `/api/v1/customers/:id`; undefined when no route matched. */
  route: string | undefined;
  status: number;
  milliseconds: number;
  requestId: string;
  tenantId?: string | undefined;
  actorId?: string | undefined;
};

/** Made of templates and ids alone, so the logger writes it as it stands: redaction would cost each request. */
export class RequestLine {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly requestId: string;
  readonly tenantId: string | undefined;
  readonly actorId: string | undefined;

  constructor(facts: RequestFacts) {
    this.method = facts.method;
    this.route = facts.route ?? 'unmatched';
    this.status = facts.status;
    this.ms = Math.round(facts.milliseconds * 10) / 10;
    this.requestId = facts.requestId;
    this.tenantId = facts.tenantId;
    this.actorId = facts.actorId;
  }
}

/** The one line that a request leaves in the log, at info. */
export const requestLine = (facts: RequestFacts): RequestLine => new RequestLine(facts);

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's request id where it is harmless, else a new one. */
export const requestIdOf = (header: string | string[] | undefined): string =>
  typeof header === 'string' && REQUEST_ID.test(header) ? header : randomUUID();
