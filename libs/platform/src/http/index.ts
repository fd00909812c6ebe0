export { API_PREFIX, BODY_LIMIT, createHttpApp, prepareHttpApp, RAW_MAIL_LIMIT } from './http-app.js';
export { IdempotencyInterceptor, NEVER_STORED, NeverStored } from './idempotency.interceptor.js';
export { LinkInterceptor } from './link.interceptor.js';
export { IfMatch, takesVersion, UuidPipe } from './params.js';
export { type Problem, STATUS, toProblem } from './problem.js';
export { ProblemFilter } from './problem.filter.js';
export { QueryKeysInterceptor } from './query-keys.interceptor.js';
export { ResourceInterceptor } from './resource.interceptor.js';
export { InputPipe, InvalidRequest } from './validation.pipe.js';
