import { DomainError, type ErrorKind, type FieldFault } from '@app/kernel';
import { HttpException } from '@nestjs/common';
import { type DatabaseFault, isDatabaseFault } from '../database/index.js';

/** RFC 9457, with `statusCode` and `message` for clients made for Nest. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  statusCode: number;
  detail: string;
  message: string;
  instance: string;
  code: string;
  requestId: string;
  errors?: FieldFault[];
} & Record<string, unknown>;

export const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_large: 413,
  unsupported: 415,
  rule: 422,
  locked: 423,
  moved: 301,
  precondition_required: 428,
  too_many: 429,
  unavailable: 503,
};

const TITLE: Record<number, string> = {
  301: 'Moved',
  400: 'Invalid request',
  401: 'Not authenticated',
  403: 'Not permitted',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Changed in the meantime',
  413: 'Too large',
  415: 'Unsupported content type',
  422: 'Not possible',
  423: 'Locked',
  428: 'Precondition required',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Temporarily unavailable',
};

const CODE: Record<number, string> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'route_not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  415: 'unsupported_content_type',
  503: 'unavailable',
};

type Cause = { status: number; code: string; detail: string; extra: Record<string, unknown> };

const cause = (status: number, code: string, detail: string, extra: Record<string, unknown> = {}): Cause => ({
  status,
  code,
  detail,
  extra,
});
const RETRY = { retryAfterSeconds: 1 };

// Class 08 and 57P0x: the connection or the server went away; 53: out of connections, disk or memory.
const AWAY = /^(08|53|57P0)/;
const NETWORK =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|Connection terminated|timeout exceeded when trying to connect|Query read timeout|not queryable/i;

function ofDatabase(fault: DatabaseFault): Cause {
  const code = fault.code ?? '';
  if (AWAY.test(code)) return cause(503, 'unavailable', 'The database is not available', RETRY);
  switch (code) {
    case '23505':
    case '23P01':
      return cause(409, 'duplicate', 'Such a record exists already');
    case '23503':
      return cause(422, 'reference_not_found', 'The request refers to a record that does not exist or is still in use');
    case '23514':
    case '23502':
      return cause(422, 'rule_broken', 'The record would break a rule of the database');
    case '57014':
    case '55P03':
    case '40001':
    case '40P01':
    case '25P03':
    case '25P04':
      return cause(503, 'busy', 'The database was too busy to do this in time', RETRY);
    case '22P05':
    case '22021':
    case '22003':
    case '22P02':
      return cause(400, 'invalid_request', 'A value cannot be stored');
    default:
      return cause(500, 'internal_error', 'Something went wrong on our side');
  }
}

function ofHttp(error: HttpException): Cause {
  const status = error.getStatus();
  const detail =
    status === 404 ? 'There is no such route' : status >= 500 ? 'Something went wrong on our side' : error.message;
  return cause(status, CODE[status] ?? 'invalid_request', detail);
}

function causeOf(error: unknown): Cause {
  if (error instanceof DomainError) return cause(STATUS[error.kind], error.code, error.message, error.details);
  if (error instanceof HttpException) return ofHttp(error);
  if (isDatabaseFault(error)) return ofDatabase(error);
  if (error instanceof Error && NETWORK.test(error.message))
    return cause(503, 'unavailable', 'The database is not available', RETRY);
  const status = (error as { statusCode?: number } | null)?.statusCode; // Fastify's own refusals
  if (error instanceof Error && typeof status === 'number' && status >= 400 && status < 500) {
    return cause(status, CODE[status] ?? 'invalid_request', error.message);
  }
  return cause(500, 'internal_error', 'Something went wrong on our side');
}

/** Never a stack, an SQL text, a constraint's name or a path of the machine. */
export function toProblem(
  error: unknown,
  instance: string,
  requestId: string,
): { problem: Problem; retryAfterSeconds: number | undefined } {
  const { status, code, detail, extra } = causeOf(error);
  const { retryAfterSeconds, ...members } = extra;
  const problem = {
    ...members,
    type: `urn:nexus:problem:${code}`,
    title: TITLE[status] ?? 'Refused',
    status,
    statusCode: status,
    detail,
    message: detail,
    instance,
    code,
    requestId,
  };
  return { problem, retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : undefined };
}
