export { API_PREFIX, BODY_LIMIT, createHttpApp, prepareHttpApp } from './http-app.js';
export { IdempotencyInterceptor, NEVER_STORED, NeverStored } from './idempotency.interceptor.js';
export { OneLine } from './one-line.js';
export { IfMatch, takesVersion, UuidPipe } from './params.js';
export { type Problem, STATUS, toProblem } from './problem.js';
export { ProblemFilter } from './problem.filter.js';
export { QueryKeysGuard } from './query-keys.guard.js';
export { RAW_MAIL_LIMIT, TakesRawMail } from './raw-mail.js';
export { InputPipe, InvalidRequest } from './validation.pipe.js';
