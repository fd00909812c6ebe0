export { buildDocument, type DocumentOptions } from './document.js';
export { operationFacts, operationId } from './operation-facts.js';
export type { PathExamples } from './path-examples.js';
export { type DemoLogin, serveSwagger } from './swagger-ui.js';
export { serveQueueBoard } from './queue-board.js';
