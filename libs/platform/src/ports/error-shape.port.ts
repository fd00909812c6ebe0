import type { Problem } from '../http/problem.js';
import { definePort } from './port.js';

/** How refusals look on routes whose form another standard prescribes. Everywhere else they are problems (RFC 9457). */
export interface ErrorShape {
  /** Below which path, `/api/v1/scim/v2/`: whatever is refused there, also what is no route. */
  readonly below: string;
  readonly contentType: string;
  shape(problem: Problem): object;
}

export const ErrorShapePort = definePort<ErrorShape>('error-shape');
