import { Conflict, Unavailable } from '@app/kernel';
import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { toProblem } from './problem.js';

const SECRET = 'select secret from customers where name = $1 /srv/nexus/libs/a.ts:3 customers_email_is_free';
const fault = (code: string) => Object.assign(new Error(SECRET), { code, constraint: 'customers_email_is_free' });
const read = (error: unknown) => toProblem(error, '/api/v1/customers', 'r1');

describe('What went wrong, as it is told', () => {
  it.each<[string, unknown, number, string]>([
    ['a key that is taken', fault('23505'), 409, 'duplicate'],
    ['ranges that overlap', fault('23P01'), 409, 'duplicate'],
    ['a reference to nothing', fault('23503'), 422, 'reference_not_found'],
    ['a broken check', fault('23514'), 422, 'rule_broken'],
    ['a missing value', fault('23502'), 422, 'rule_broken'],
    ['a statement that took too long', fault('57014'), 503, 'busy'],
    ['a lock that was not had', fault('55P03'), 503, 'busy'],
    ['a deadlock', fault('40P01'), 503, 'busy'],
    ['a conflict of transactions', fault('40001'), 503, 'busy'],
    ['a transaction that idled', fault('25P03'), 503, 'busy'],
    ['a transaction that took too long', fault('25P04'), 503, 'busy'],
    ['text that cannot be stored', fault('22021'), 400, 'invalid_request'],
    ['a server that stops', fault('57P01'), 503, 'unavailable'],
    ['a server without room', fault('53100'), 503, 'unavailable'],
    ['a lost connection', new Error('Connection terminated unexpectedly'), 503, 'unavailable'],
    ['a pool that is used up', new Error('timeout exceeded when trying to connect'), 503, 'unavailable'],
    ['a fault in our SQL', fault('42601'), 500, 'internal_error'],
    ['what nobody foresaw', new Error(SECRET), 500, 'internal_error'],
    ['what is no error', SECRET, 500, 'internal_error'],
    ['nothing', undefined, 500, 'internal_error'],
    ['a route that is not there', new NotFoundException(SECRET), 404, 'route_not_found'],
  ])('is of %s a problem without what only we may know', (_, error, status, code) => {
    const { problem, retryAfterSeconds } = read(error);
    expect(problem).toMatchObject({
      status,
      statusCode: status,
      code,
      type: `urn:nexus:problem:${code}`,
      requestId: 'r1',
    });
    expect(JSON.stringify(problem)).not.toMatch(/select|customers_|libs|\.ts|stack/);
    expect(retryAfterSeconds).toBe(status === 503 ? 1 : undefined);
  });

  it('is of a refusal what it says, and when to come back', () => {
    const { problem } = read(new Conflict('taken', 'It is taken', { by: 'Ada' }));
    expect(problem).toMatchObject({
      status: 409,
      code: 'taken',
      detail: 'It is taken',
      message: 'It is taken',
      by: 'Ada',
    });
    const away = read(new Unavailable('away', 'Later', { retryAfterSeconds: 7 }));
    expect(away.retryAfterSeconds).toBe(7);
    expect(away.problem).not.toHaveProperty('retryAfterSeconds');
  });

  it('never lets a detail pass for the status or the request', () => {
    const forged = { status: 200, requestId: 'forged', code: 'fine' } as never;
    expect(read(new Conflict('taken', 'It is taken', forged)).problem).toMatchObject({
      status: 409,
      requestId: 'r1',
      code: 'taken',
    });
  });
});
