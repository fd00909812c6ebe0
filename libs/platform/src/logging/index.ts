export { AppLogger } from './app-logger.js';
export { createLogger, emergencyLogger, type LoggerSetup } from './create-logger.js';
export { LoggingModule } from './logging.module.js';
export { redact } from './redact.js';
export { redactText } from './redact-text.js';
export { type RequestFacts, requestIdOf, RequestLine, requestLine } from './request-line.js';
