import type { components } from './schema.js';

/** RFC 9457, as the API answers every refusal. */
export type Problem = components['schemas']['Problem'];

/** A refusal of the API. `code` is stable and for programs, `message` is for people. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem,
    /** Seconds to wait before the next try, where the API said so. */
    readonly retryAfterSeconds?: number,
  ) {
    super(problem.detail);
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }

  get requestId(): string {
    return this.problem.requestId;
  }

  /** What is wrong with which field, by its JSON pointer. */
  get errors(): NonNullable<Problem['errors']> {
    return this.problem.errors ?? [];
  }

  /** Reads a refusal; what a proxy answers in between becomes a problem with the code `not_a_problem`. */
  static async of(answer: Response): Promise<ProblemError> {
    const text = await answer.text();
    const isProblem = /^application\/problem\+json\b/.test(answer.headers.get('content-type') ?? '');
    const retryAfter = Number(answer.headers.get('retry-after') ?? NaN);
    return new ProblemError(
      isProblem ? (JSON.parse(text) as Problem) : strange(answer),
      Number.isFinite(retryAfter) ? retryAfter : undefined,
    );
  }
}

function strange({ status, statusText, url, headers }: Response): Problem {
  const detail = `The answer ${status} is no problem document`;
  return {
    type: 'about:blank',
    title: statusText,
    status,
    statusCode: status,
    detail,
    message: detail,
    instance: url,
    code: 'not_a_problem',
    requestId: headers.get('x-request-id') ?? '',
  };
}
